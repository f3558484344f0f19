namespace Slipway.Models.Graph;

/// <summary>One scan: some coefficients of some components (T.81, annexes F and G).</summary>
internal sealed class JpegScan
{
    private readonly JpegComponent[] _components;
    private readonly int _start, _end, _high, _low;
    private readonly bool _isProgressive;

    /// <summary>Blocks still without coefficients of this band.</summary>
    private int _emptyBlocks;

    public JpegScan(JpegComponent[] components, int start, int end, int high, int low, bool isProgressive)
    {
        (_components, _start, _end, _high, _low, _isProgressive) = (components, isProgressive ? start : 0, isProgressive ? end : 63, high, isProgressive ? low : 0, isProgressive);
        if (_start > _end || _end > 63 || low > 13 || (isProgressive && ((start == 0 && end != 0) || (start > 0 && components.Length > 1)))) throw JpegDecoder.Damaged($"a scan has coefficients {start} to {end} from bit {low} of {components.Length} components");
        foreach (var component in components)
        {
            var needsDc = _start == 0 && (!isProgressive || high == 0);
            if ((needsDc && component.Dc is null) || (_end > 0 && component.Ac is null)) throw JpegDecoder.Damaged($"a scan of component {component.Id} has no Huffman table");
        }
    }

    /// <summary>The places of coefficients in the order in which they are written.</summary>
    public static ReadOnlySpan<byte> Order =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <returns>Bytes read.</returns>
    public int Read(ReadOnlySpan<byte> data, int restartInterval, int width, int height)
    {
        var bits = new JpegBits(data);
        var only = _components.Length == 1 ? _components[0] : null;
        // A component alone is coded by its own blocks, several by units of all of them.
        var (across, down) = only is not null ? ((only.Width + 7) / 8, (only.Height + 7) / 8) : (_components[0].BlocksAcross / _components[0].Across, _components[0].BlocksDown / _components[0].Down);
        foreach (var component in _components) component.Predicted = 0;
        for (int unit = 0, units = across * down; unit < units; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
            {
                bits.Restart();
                _emptyBlocks = 0;
                foreach (var component in _components) component.Predicted = 0;
            }
            var (row, column) = (unit / across, unit % across);
            if (only is not null)
            {
                ReadBlock(ref bits, only, only.Block(row, column));
                continue;
            }
            foreach (var component in _components)
            {
                for (var y = 0; y < component.Down; y++)
                {
                    for (var x = 0; x < component.Across; x++) ReadBlock(ref bits, component, component.Block((row * component.Down) + y, (column * component.Across) + x));
                }
            }
        }
        return bits.Position;
    }

    private void ReadBlock(ref JpegBits bits, JpegComponent component, Span<short> block)
    {
        if (_start == 0)
        {
            if (_high == 0 || !_isProgressive)
            {
                component.Predicted += bits.Signed(Size(component.Dc!.Decode(ref bits)));
                block[0] = (short)(component.Predicted << _low);
            }
            else if (bits.Bit() != 0) block[0] |= (short)(1 << _low);
        }
        if (_end == 0) return;
        if (!_isProgressive) ReadAll(ref bits, component.Ac!, block);
        else if (_high == 0) ReadBand(ref bits, component.Ac!, block);
        else RefineBand(ref bits, component.Ac!, block);
    }

    private static void ReadAll(ref JpegBits bits, HuffmanTable table, Span<short> block)
    {
        for (var k = 1; k < 64; k++)
        {
            var code = table.Decode(ref bits);
            var (run, size) = (code >> 4, code & 15);
            if (size == 0 && run != 15) return;
            k += run;
            if (k > 63) throw JpegDecoder.Damaged("a block has more than 64 coefficients");
            if (size > 0) block[Order[k]] = (short)bits.Signed(size);
        }
    }

    private void ReadBand(ref JpegBits bits, HuffmanTable table, Span<short> block)
    {
        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return;
        }
        for (var k = _start; k <= _end; k++)
        {
            var code = table.Decode(ref bits);
            var (run, size) = (code >> 4, code & 15);
            if (size == 0 && run != 15)
            {
                _emptyBlocks = (1 << run) + bits.Bits(run) - 1;
                return;
            }
            k += run;
            if (k > _end) throw JpegDecoder.Damaged("a block has more coefficients than its band");
            if (size > 0) block[Order[k]] = (short)(bits.Signed(size) << _low);
        }
    }

    private void RefineBand(ref JpegBits bits, HuffmanTable table, Span<short> block)
    {
        var (k, one) = (_start, (short)(1 << _low));
        if (_emptyBlocks == 0)
        {
            for (; k <= _end; k++)
            {
                var code = table.Decode(ref bits);
                var (run, size) = (code >> 4, code & 15);
                if (size == 0 && run != 15)
                {
                    _emptyBlocks = (1 << run) + bits.Bits(run);
                    break;
                }
                if (size > 1) throw JpegDecoder.Damaged("a coefficient of a refining scan has several bits");
                var value = size == 0 ? (short)0 : bits.Bit() != 0 ? one : (short)-one;
                // The run counts coefficients that are zero still; the others get their next bit.
                while (k <= _end)
                {
                    ref var coefficient = ref block[Order[k]];
                    if (coefficient != 0) Refine(ref bits, ref coefficient, one);
                    else if (run-- == 0)
                    {
                        coefficient = value;
                        break;
                    }
                    k++;
                }
            }
        }
        if (_emptyBlocks == 0) return;
        for (; k <= _end; k++)
        {
            ref var coefficient = ref block[Order[k]];
            if (coefficient != 0) Refine(ref bits, ref coefficient, one);
        }
        _emptyBlocks--;
    }

    private static void Refine(ref JpegBits bits, ref short coefficient, short one)
    {
        if (bits.Bit() != 0 && (coefficient & one) == 0) coefficient += coefficient > 0 ? one : (short)-one;
    }

    private static int Size(int size) => size <= 15 ? size : throw JpegDecoder.Damaged($"a coefficient has {size} bits");
}
