using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>A model under the signature its package gives it; text inputs are held to their allowed values.</summary>
internal sealed class RefinedModel : IRecordedModel
{
    private readonly IModel _model;
    private readonly ImmutableArray<(TensorSpec Input, HashSet<byte[]> Allowed)> _allowed;

    public RefinedModel(IModel model, Signature signature)
    {
        _model = model;
        Signature = signature;
        _allowed =
        [
            .. signature.Inputs.Where(i => !i.AllowedValues.IsEmpty).Select(i => (i, new HashSet<byte[]>(i.AllowedValues.Select(System.Text.Encoding.UTF8.GetBytes), Utf8Comparer.Instance))),
        ];
    }

    public Signature Signature { get; }

    public Batch Run(Batch inputs)
    {
        foreach (var (input, allowed) in _allowed)
        {
            if (inputs.TryGet(input.Name, out var tensor) && tensor.Type == ElementType.Bytes) Check(tensor, input, allowed);
        }
        return _model.Run(inputs);
    }

    public IEnumerable<CarriedRows> RecordedRows() => (_model as IRecordedModel)?.RecordedRows() ?? [];

    public void Dispose() => _model.Dispose();

    private static void Check(Tensor tensor, TensorSpec input, HashSet<byte[]> allowed)
    {
        var lookup = allowed.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (var i = 0; i < tensor.Count; i++)
        {
            if (!tensor.IsMissing(i) && !lookup.Contains(tensor.GetBytes(i))) ThrowNotAllowed(tensor, i, input);
        }
    }

    [DoesNotReturn]
    private static void ThrowNotAllowed(Tensor tensor, int index, TensorSpec input)
    {
        var text = tensor.GetText(index)!;
        throw new RecordException(index / Math.Max(1, tensor.Stride), $"input '{input.Name}': '{(text.Length > 80 ? string.Concat(text.AsSpan(0, 80), "…") : text)}' is not an allowed value; allowed: {string.Join(", ", input.AllowedValues)}");
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Utf8Comparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
