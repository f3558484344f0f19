using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>The scale and the zero point of a whole tensor of int8 or uint8.</summary>
internal readonly record struct LinearQuantization(float Scale, int Zero, bool IsSigned)
{
    /// <param name="scale">The input that is the scale: one float.</param>
    /// <param name="zero">The input that is the zero point: one of the tensor's type; 0 when it is not given.</param>
    /// <param name="element">The tensor's element type.</param>
    /// <exception cref="RecordException">They are not that.</exception>
    public static LinearQuantization Of(RunContext context, int scale, int zero, DataType element)
    {
        if (element is not (DataType.Int8 or DataType.UInt8)) throw new RecordException($"int8 or uint8 is expected, {element.Text} is given");
        if (context.Input(scale) is not { Element: DataType.Float32, Count: 1 } given) throw new RecordException($"one scale is expected as input {scale}, {context.Input(scale).Type} is given");
        var point = context.OptionalInput(zero);
        if (point is not null && (point.Element != element || point.Count != 1)) throw new RecordException($"one zero point of {element.Text} is expected as input {zero}, {point.Type} is given");
        return new LinearQuantization(given.Values<float>()[0], point is null ? 0 : (int)point.IntAt(0), element == DataType.Int8);
    }

    /// <summary>The number that a byte stands for.</summary>
    public float Number(byte value) => Scale * ((IsSigned ? (sbyte)value : value) - Zero);

    /// <summary>The byte for a number: rounded half to even, saturated.</summary>
    public byte Byte(float number) => (byte)(int)Math.Clamp(MathF.Round(number / Scale) + Zero, IsSigned ? sbyte.MinValue : byte.MinValue, IsSigned ? sbyte.MaxValue : byte.MaxValue);
}

/// <summary>A function of quantized numbers as a table of its 256 values.</summary>
internal sealed class QuantizedTable
{
    private readonly byte[] _values = new byte[256];
    private LinearQuantization _from, _to;
    private bool _isMade;

    /// <summary>Bytes to bytes; the table is made again when the quantization is not that of the run before.</summary>
    public void Run(LinearQuantization from, LinearQuantization to, Func<float, float> function, ReadOnlySpan<byte> x, Span<byte> y)
    {
        if (!_isMade || from != _from || to != _to)
        {
            for (var i = 0; i < _values.Length; i++) _values[i] = to.Byte(function(from.Number((byte)i)));
            (_from, _to, _isMade) = (from, to, true);
        }
        for (var i = 0; i < y.Length; i++) y[i] = _values[x[i]];
    }
}
