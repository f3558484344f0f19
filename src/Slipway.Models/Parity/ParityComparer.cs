using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Parity;

/// <summary>
/// Compares expected outputs with found ones, batch after batch, in one pass and constant memory. Not thread-safe.
/// Names, types and shapes must agree; floating-point elements may differ by the tolerance, all others must be equal.
/// NaN equals NaN, and equals missing: neither is a number, and JSON cannot tell them apart. Outputs that are not expected are not compared.
/// </summary>
public sealed class ParityComparer(Tolerance? tolerance = null)
{
    private const int LongestText = 80;

    private readonly Tolerance _tolerance = tolerance ?? Tolerance.Default;
    private Tolerance _own = tolerance ?? Tolerance.Default;
    private long _rows;
    private long _elements;
    private long _differing;
    private double _maxAbsolute;
    private double _maxRelative;
    private long _maxUlp;
    private string? _reason;

    /// <summary>
    /// What was found up to now. The worst values are over elements that are finite on both sides; the relative one leaves out an expected zero.
    /// The reason is the first failure.
    /// </summary>
    public ParityReport Report => new(_reason is null, (int)Math.Min(int.MaxValue, _rows), _maxAbsolute, _maxRelative, _maxUlp, Reason);

    private string? Reason => _differing > 1 ? $"{_reason}; {_differing} of {_elements} elements differ too much" : _reason;

    /// <summary>Compares one batch of outputs.</summary>
    /// <param name="place">Where the rows are from (a file), for the reason.</param>
    /// <param name="own">The tolerance of these rows; null for the comparer's.</param>
    public void Add(Batch expected, Batch found, string? place = null, Tolerance? own = null)
    {
        _own = own ?? _tolerance;
        if (expected.Count > 0) _rows += expected[0].Rows;
        foreach (var tensor in expected)
        {
            if (found.TryGet(tensor.Name, out var answer)) AddTensor(tensor, answer, place);
            else Fail($"output '{tensor.Name}' is absent; there are: {string.Join(", ", found.Select(t => t.Name))}", place);
        }
    }

    /// <summary>Notes a failure that has no elements to compare: the model refused the rows.</summary>
    public void Fail(string reason, string? place = null) => _reason ??= place is null ? reason : $"{place}: {reason}";

    private void AddTensor(Tensor expected, Tensor found, string? place)
    {
        if (expected.Type != found.Type)
        {
            Fail($"output '{expected.Name}' has type {found.Type.ProtocolName}, expected {expected.Type.ProtocolName}", place);
            return;
        }
        if (!expected.Shape.SequenceEqual(found.Shape))
        {
            Fail($"output '{expected.Name}' has shape [{string.Join(',', found.Shape.ToArray())}], expected [{string.Join(',', expected.Shape.ToArray())}]", place);
            return;
        }
        _elements += expected.Count;
        switch (expected.Type)
        {
            case ElementType.Float64: AddFloats<double, Float64Format>(expected, found, place); break;
            case ElementType.Float32: AddFloats<float, Float32Format>(expected, found, place); break;
            case ElementType.Float16: AddFloats<Half, Float16Format>(expected, found, place); break;
            case ElementType.BFloat16: AddFloats<ushort, BFloat16Format>(expected, found, place); break;
            case ElementType.Int64: AddIntegers<long>(expected, found, place); break;
            case ElementType.Int32: AddIntegers<int>(expected, found, place); break;
            case ElementType.Int16: AddIntegers<short>(expected, found, place); break;
            case ElementType.Int8: AddIntegers<sbyte>(expected, found, place); break;
            case ElementType.UInt64: AddIntegers<ulong>(expected, found, place); break;
            case ElementType.UInt32: AddIntegers<uint>(expected, found, place); break;
            case ElementType.UInt16: AddIntegers<ushort>(expected, found, place); break;
            case ElementType.UInt8 or ElementType.Bool: AddIntegers<byte>(expected, found, place); break;
            default: AddTexts(expected, found, place); break;
        }
    }

    private void AddFloats<T, TFormat>(Tensor expected, Tensor found, string? place)
        where T : unmanaged
        where TFormat : IFloatFormat<T>
    {
        var left = MemoryMarshal.Cast<byte, T>(expected.RawData);
        var right = MemoryMarshal.Cast<byte, T>(found.RawData);
        var missing = expected.HasMissing || found.HasMissing;
        for (var i = 0; i < left.Length; i++)
        {
            var e = missing && expected.IsMissing(i) ? double.NaN : TFormat.Value(left[i]);
            var f = missing && found.IsMissing(i) ? double.NaN : TFormat.Value(right[i]);
            if (e == f || (double.IsNaN(e) && double.IsNaN(f))) continue;
            if (!double.IsFinite(e) || !double.IsFinite(f))
            {
                Differ(expected, found, i, place, "");
                continue;
            }
            var absolute = Math.Min(double.MaxValue, Math.Abs(f - e));
            var relative = Math.Min(double.MaxValue, absolute / Math.Abs(e));
            var ulp = Distance(TFormat.Rank(left[i]), TFormat.Rank(right[i]));
            Worsen(absolute, e == 0 ? 0 : relative, ulp);
            if (!_own.Allows(absolute, e, ulp))
            {
                Differ(expected, found, i, place, string.Create(CultureInfo.InvariantCulture, $" ({absolute:R} absolute, {ulp} ULP apart; allowed {_own.Absolute:R} absolute + {_own.Relative:R} relative)"));
            }
        }
    }

    private void AddIntegers<T>(Tensor expected, Tensor found, string? place) where T : unmanaged, IBinaryInteger<T>
    {
        var left = MemoryMarshal.Cast<byte, T>(expected.RawData);
        var right = MemoryMarshal.Cast<byte, T>(found.RawData);
        var missing = expected.HasMissing || found.HasMissing;
        for (var i = missing ? 0 : left.CommonPrefixLength(right); i < left.Length; i++)
        {
            if (missing && (expected.IsMissing(i) || found.IsMissing(i)))
            {
                if (expected.IsMissing(i) != found.IsMissing(i)) Differ(expected, found, i, place, "");
            }
            else if (left[i] != right[i])
            {
                var (e, f) = (Int128.CreateTruncating(left[i]), Int128.CreateTruncating(right[i]));
                var apart = Int128.Abs(f - e);
                Worsen((double)apart, e == 0 ? 0 : (double)apart / Math.Abs((double)e), (long)Int128.Min(apart, long.MaxValue));
                Differ(expected, found, i, place, "");
            }
        }
    }

    private void AddTexts(Tensor expected, Tensor found, string? place)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected.IsMissing(i) != found.IsMissing(i) || !expected.GetBytes(i).SequenceEqual(found.GetBytes(i))) Differ(expected, found, i, place, "");
        }
    }

    private void Worsen(double absolute, double relative, long ulp)
    {
        _maxAbsolute = Math.Max(_maxAbsolute, absolute);
        _maxRelative = Math.Max(_maxRelative, relative);
        _maxUlp = Math.Max(_maxUlp, ulp);
    }

    private void Differ(Tensor expected, Tensor found, int index, string? place, string detail)
    {
        _differing++;
        if (_reason is not null) return;
        Fail($"output '{expected.Name}' {PlaceOf(expected, index)}: expected {TextOf(expected, index)}, found {TextOf(found, index)}{detail}", place);
    }

    private static long Distance(long a, long b)
    {
        var distance = Int128.Abs((Int128)a - b);
        return distance > long.MaxValue ? long.MaxValue : (long)distance;
    }

    private static string PlaceOf(Tensor tensor, int index)
    {
        if (tensor.Shape.Length == 0) return "(a scalar)";
        var stride = tensor.Stride;
        var place = new StringBuilder($"row {index / stride}");
        if (tensor.Shape.Length == 1) return place.ToString();
        var rest = index % stride;
        foreach (var dimension in tensor.Shape[1..])
        {
            stride /= (int)dimension;
            place.Append(place[^1] == ']' ? "" : " ").Append($"[{rest / stride}]");
            rest %= stride;
        }
        return place.ToString();
    }

    private static string TextOf(Tensor tensor, int index)
    {
        if (tensor.IsMissing(index)) return "missing";
        switch (tensor.Type)
        {
            case ElementType.Bytes:
                var text = tensor.GetText(index)!;
                return $"'{(text.Length > LongestText ? string.Concat(text.AsSpan(0, LongestText), "…") : text)}'";
            case ElementType.Bool: return tensor.RawData[index] == 0 ? "false" : "true";
            case ElementType.Float32: return tensor.Values<float>()[index].ToString(CultureInfo.InvariantCulture);
            case ElementType.Int64: return tensor.Values<long>()[index].ToString(CultureInfo.InvariantCulture);
            case ElementType.UInt64: return tensor.Values<ulong>()[index].ToString(CultureInfo.InvariantCulture);
            default: return tensor.NumberAt(index).ToString(CultureInfo.InvariantCulture);
        }
    }
}
