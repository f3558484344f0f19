namespace Slipway.Models.Graph;

/// <summary>How numbers that a narrow type cannot hold are treated.</summary>
/// <param name="Saturate">Numbers too big for a small float become its greatest, not infinity or NaN.</param>
/// <param name="ClampIntegers">Floats too big for an integer of 4 bits become its greatest or least, as the standard's reference has it for operator sets before 23; from then on upper bits are dropped.</param>
internal readonly record struct NarrowRounding(bool Saturate, ScaleRounding Scale = ScaleRounding.Up, bool ClampIntegers = false);

/// <summary>How numbers that are no powers of two become float8e8m0.</summary>
internal enum ScaleRounding
{
    Up,
    Down,
    Nearest,
}

/// <summary>
/// Floats of 8 bits and fewer, one a byte: sign, exponent, mantissa, and which codes are NaN and infinity
/// (https://onnx.ai/onnx/technical/float8.html, float4.html; OCP Microscaling Formats 1.0).
/// </summary>
internal sealed class SmallFloat
{
    private const byte None = 0;
    private readonly int _mantissa;
    private readonly int _bias;
    private readonly int _sign;
    private readonly byte _greatest;
    private readonly byte _infinity;
    private readonly byte _nan;
    private readonly bool _hasNegativeZero;
    private readonly float[] _values = new float[256];

    private SmallFloat(int exponent, int mantissa, int bias, byte greatest, byte infinity, byte nan, bool hasNegativeZero)
    {
        _mantissa = mantissa;
        _bias = bias;
        _sign = 1 << (exponent + mantissa);
        _greatest = greatest;
        _infinity = infinity;
        _nan = nan;
        _hasNegativeZero = hasNegativeZero;
        for (var code = 0; code < 256; code++) _values[code] = Decode(code);
    }

    public static SmallFloat E4M3FN { get; } = new(4, 3, 7, 0x7e, None, 0x7f, true);

    public static SmallFloat E4M3FNUZ { get; } = new(4, 3, 8, 0x7f, None, 0x80, false);

    public static SmallFloat E5M2 { get; } = new(5, 2, 15, 0x7b, 0x7c, 0x7f, true);

    public static SmallFloat E5M2FNUZ { get; } = new(5, 2, 16, 0x7f, None, 0x80, false);

    public static SmallFloat E2M1 { get; } = new(2, 1, 1, 0x7, None, None, true);

    /// <summary>Powers of two from 2^-127 to 2^127; 255 is NaN.</summary>
    public static SmallFloat E8M0 { get; } = new(8, 0, 127, 0xfe, None, 0xff, false);

    public static SmallFloat? Find(DataType element) => element switch
    {
        DataType.Float8E4M3FN => E4M3FN,
        DataType.Float8E4M3FNUZ => E4M3FNUZ,
        DataType.Float8E5M2 => E5M2,
        DataType.Float8E5M2FNUZ => E5M2FNUZ,
        DataType.Float4E2M1 => E2M1,
        DataType.Float8E8M0 => E8M0,
        _ => null,
    };

    public float ToSingle(byte code) => _values[code];

    /// <summary>To the nearest, ties to even.</summary>
    public byte FromSingle(float value, NarrowRounding rounding)
    {
        if (this == E8M0) return ScaleOf(value, rounding);
        var bits = BitConverter.SingleToUInt32Bits(value);
        var sign = bits >> 31 != 0 ? _sign : 0;
        if (float.IsNaN(value)) return (byte)(_hasNegativeZero ? sign | (_nan == None ? 0 : _nan) : _nan);
        var code = float.IsInfinity(value) ? int.MaxValue : Magnitude(bits & 0x7fffffff);
        if (code > _greatest)
        {
            if (rounding.Saturate || this == E2M1) return (byte)(sign | _greatest);
            return (byte)(_infinity != None ? sign | _infinity : _hasNegativeZero ? sign | _nan : _nan);
        }
        return (byte)(code == 0 && !_hasNegativeZero ? 0 : sign | code);
    }

    /// <summary>The code of a size, in units of the last mantissa bit, beyond <see cref="_greatest"/> when it is too big.</summary>
    private int Magnitude(uint bits)
    {
        if (bits == 0) return 0;
        var size = (double)BitConverter.UInt32BitsToSingle(bits);
        var lowest = 1 - _bias;
        var exponent = Math.Max(Math.ILogB(size), lowest);
        var units = (int)Math.Round(Math.ScaleB(size, _mantissa - exponent), MidpointRounding.ToEven);
        return ((exponent - lowest) << _mantissa) + units;
    }

    private static byte ScaleOf(float value, NarrowRounding rounding)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var exponent = bits >> 23 & 0xff;
        var mantissa = bits & 0x7fffff;
        if (exponent == 0xff) return 0xff;
        var up = rounding.Scale switch
        {
            ScaleRounding.Up => mantissa > 0,
            ScaleRounding.Nearest => mantissa > 0x400000 || (mantissa == 0x400000 && exponent > 0),
            _ => false,
        };
        if (!up) return (byte)exponent;
        return exponent == 0xfe && rounding.Saturate ? (byte)0xfe : (byte)(exponent + 1);
    }

    private float Decode(int code)
    {
        if (_bias == 127) return code == 0xff ? float.NaN : (float)Math.ScaleB(1, code - 127);
        if (code >= _sign * 2) code &= _sign * 2 - 1;
        var size = code & (_sign - 1);
        if (_hasNegativeZero ? _nan != None && size > _greatest && size != _infinity : code == _nan) return float.NaN;
        var sign = (code & _sign) != 0 ? -1.0 : 1.0;
        if (_infinity != None && size == _infinity) return (float)(sign * double.PositiveInfinity);
        var exponent = size >> _mantissa;
        var units = size & ((1 << _mantissa) - 1);
        var value = exponent == 0 ? Math.ScaleB(units, 1 - _bias - _mantissa) : Math.ScaleB(units + (1 << _mantissa), exponent - _bias - _mantissa);
        return (float)(sign * value);
    }
}
