namespace Slipway.Models.Graph;

/// <summary>The adaptive binary arithmetic decoder of JPEG 2000 (ITU-T T.800, annex C).</summary>
internal ref struct MqDecoder
{
    /// <summary>What a context's state is worth: its probability, and the states after either symbol; the last one also says that the symbols change places.</summary>
    private static readonly (ushort Probability, byte AfterMore, byte AfterLess, bool Switches)[] States =
    [
        (0x5601, 1, 1, true), (0x3401, 2, 6, false), (0x1801, 3, 9, false), (0x0AC1, 4, 12, false), (0x0521, 5, 29, false), (0x0221, 38, 33, false),
        (0x5601, 7, 6, true), (0x5401, 8, 14, false), (0x4801, 9, 14, false), (0x3801, 10, 14, false), (0x3001, 11, 17, false), (0x2401, 12, 18, false),
        (0x1C01, 13, 20, false), (0x1601, 29, 21, false), (0x5601, 15, 14, true), (0x5401, 16, 14, false), (0x5101, 17, 15, false), (0x4801, 18, 16, false),
        (0x3801, 19, 17, false), (0x3401, 20, 18, false), (0x3001, 21, 19, false), (0x2801, 22, 19, false), (0x2401, 23, 20, false), (0x2201, 24, 21, false),
        (0x1C01, 25, 22, false), (0x1801, 26, 23, false), (0x1601, 27, 24, false), (0x1401, 28, 25, false), (0x1201, 29, 26, false), (0x1101, 30, 27, false),
        (0x0AC1, 31, 28, false), (0x09C1, 32, 29, false), (0x08A1, 33, 30, false), (0x0521, 34, 31, false), (0x0441, 35, 32, false), (0x02A1, 36, 33, false),
        (0x0221, 37, 34, false), (0x0141, 38, 35, false), (0x0111, 39, 36, false), (0x0085, 40, 37, false), (0x0049, 41, 38, false), (0x0025, 42, 39, false),
        (0x0015, 43, 40, false), (0x0009, 44, 41, false), (0x0005, 45, 42, false), (0x0001, 45, 43, false), (0x5601, 46, 46, false),
    ];

    private readonly ReadOnlySpan<byte> _data;

    /// <summary>Of each context, twice its state, and 1 more where its likely symbol is 1.</summary>
    private readonly Span<byte> _contexts;
    private int _at;
    private int _left;
    private uint _code, _range = 0x8000;

    /// <param name="data">Behind its end there are ones.</param>
    public MqDecoder(ReadOnlySpan<byte> data, Span<byte> contexts)
    {
        _data = data;
        _contexts = contexts;
        _code = (uint)Byte(0) << 16;
        ReadByte();
        _code <<= 7;
        _left -= 7;
    }

    public int Decode(int context)
    {
        ref var of = ref _contexts[context];
        var (state, likely) = (States[of >> 1], of & 1);
        _range -= state.Probability;
        bool isLikely;
        if (_code >> 16 < state.Probability)
        {
            // The smaller part is the likely one where the larger has become smaller.
            isLikely = _range < state.Probability;
            _range = state.Probability;
        }
        else
        {
            _code -= (uint)state.Probability << 16;
            if ((_range & 0x8000) != 0) return likely;
            isLikely = _range >= state.Probability;
        }
        of = isLikely ? (byte)(state.AfterMore << 1 | likely) : (byte)(state.AfterLess << 1 | (state.Switches ? 1 - likely : likely));
        do
        {
            if (_left == 0) ReadByte();
            _range <<= 1;
            _code <<= 1;
            _left--;
        }
        while (_range < 0x8000);
        return isLikely ? likely : 1 - likely;
    }

    private readonly byte Byte(int at) => at < _data.Length ? _data[at] : (byte)0xFF;

    private void ReadByte()
    {
        var isStuffed = Byte(_at) == 0xFF;
        var next = Byte(_at + 1);
        if (isStuffed && next > 0x8F)
        {
            _code += 0xFF00;
            _left = 8;
            return;
        }
        _at++;
        _code += (uint)next << (isStuffed ? 9 : 8);
        _left = isStuffed ? 7 : 8;
    }
}
