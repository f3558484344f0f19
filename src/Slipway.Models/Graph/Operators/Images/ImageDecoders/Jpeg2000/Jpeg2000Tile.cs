namespace Slipway.Models.Graph;

/// <summary>A tile: its packets in their order (ITU-T T.800, B.9 to B.12), and its pixels.</summary>
internal sealed class Jpeg2000Tile
{
    private readonly Jpeg2000Size _size;
    private readonly Jpeg2000Parameters _parameters;
    private readonly byte[] _packets;
    private readonly int _index;
    private readonly Jpeg2000Resolution _area;
    private readonly Jpeg2000Component[] _components;
    private readonly List<(Jpeg2000Block Block, int Length)> _pending = [];
    private int _at;

    public Jpeg2000Tile(Jpeg2000Size size, Jpeg2000TileData data, int index)
    {
        (_size, _parameters, _packets, _index) = (size, data.Parameters, data.Packets.ToArray(), index);
        var (column, row) = (index % size.TilesAcross, index / size.TilesAcross);
        var (x, y) = (size.TileX + (column * size.TileWidth), size.TileY + (row * size.TileHeight));
        _area = new Jpeg2000Resolution((int)Math.Max(x, size.X0), (int)Math.Max(y, size.Y0), (int)Math.Min(x + size.TileWidth, size.X1), (int)Math.Min(y + size.TileHeight, size.Y1));
        _components = new Jpeg2000Component[size.Components.Length];
        for (var c = 0; c < _components.Length; c++)
        {
            if (_parameters.Codings[c] is not { } coding || _parameters.Quantizations[c] is not { } quantization) throw Jpeg2000Decoder.Damaged($"component {c} of tile {index} has no segment COD or QCD");
            _components[c] = new Jpeg2000Component(coding, quantization, size.Components[c].Depth, _area);
        }
    }

    public void Decode(DecodedImage image)
    {
        ReadPackets();
        var blocks = new Jpeg2000Blocks();
        foreach (var component in _components) component.Decode(_packets, blocks);
        if (_parameters.MixesComponents && _components.Length >= 3) MixComponents();
        for (var c = 0; c < 3; c++) WriteSamples(image, _components.Length < 3 ? 0 : c, c);
    }

    private void ReadPackets()
    {
        // A packet takes a byte at least: there is no memory for more of them.
        var count = _components.Sum(c => c.PrecinctCount) * _parameters.Layers;
        if (count > _packets.Length) throw Jpeg2000Decoder.Damaged($"tile {_index} is cut off: it has {_packets.Length} bytes for {count} packets");
        var precincts = new List<Jpeg2000Precinct>();
        for (var c = 0; c < _components.Length; c++) _components[c].AddPrecincts(c, _area, precincts);
        precincts.Sort((a, b) => Order(a).CompareTo(Order(b)));
        for (var (start, end) = (0, 0); start < precincts.Count; start = end)
        {
            while (end < precincts.Count && SharesLayers(precincts[start], precincts[end])) end++;
            for (var layer = 0; layer < _parameters.Layers; layer++)
            {
                for (var i = start; i < end; i++) ReadPacket(precincts[i], layer);
            }
        }
    }

    /// <summary>What comes first, second, and so on.</summary>
    private (long, long, long, long, long) Order(Jpeg2000Precinct of) => _parameters.Progression switch
    {
        Jpeg2000Progression.ResolutionPlaceComponentLayer => (of.Resolution, of.Y, of.X, of.Component, of.Index),
        Jpeg2000Progression.PlaceComponentResolutionLayer => (of.Y, of.X, of.Component, of.Resolution, of.Index),
        Jpeg2000Progression.ComponentPlaceResolutionLayer => (of.Component, of.Y, of.X, of.Resolution, of.Index),
        _ => (of.Resolution, of.Component, of.Index, 0, 0),
    };

    /// <summary>Whether a layer has packets of both before the next layer begins.</summary>
    private bool SharesLayers(Jpeg2000Precinct a, Jpeg2000Precinct b) => _parameters.Progression switch
    {
        Jpeg2000Progression.LayerResolutionComponentPlace => true,
        Jpeg2000Progression.ResolutionLayerComponentPlace => a.Resolution == b.Resolution,
        _ => a == b,
    };

    private void ReadPacket(Jpeg2000Precinct precinct, int layer)
    {
        if (_parameters.HasPacketMarks && _packets.AsSpan(_at) is [0xFF, 0x91, _, _, _, _, ..]) _at += 6;
        var bits = new Jpeg2000PacketBits(_packets, _at);
        _pending.Clear();
        if (bits.Flag())
        {
            foreach (var grid in precinct.Grids)
            {
                for (var i = 0; i < grid.Blocks.Length; i++) ReadBlock(grid, i, layer, ref bits);
            }
        }
        _at = bits.End();
        if (_parameters.HasHeaderMarks && _packets.AsSpan(_at) is [0xFF, 0x92, ..]) _at += 2;
        foreach (var (block, length) in _pending)
        {
            if (length > _packets.Length - _at) throw Jpeg2000Decoder.Damaged($"tile {_index} is cut off: a code block has {length} bytes from its byte {_at} on, and {_packets.Length - _at} are there");
            block.Data.Add((_at, length));
            _at += length;
        }
    }

    /// <summary>What a packet's header says of one code block (B.10).</summary>
    private void ReadBlock(Jpeg2000BlockGrid grid, int i, int layer, ref Jpeg2000PacketBits bits)
    {
        ref var block = ref grid.Blocks[i];
        var (x, y) = (i % grid.Across, i / grid.Across);
        if (block is null)
        {
            if (!grid.Inclusion.IsBelow(layer + 1, x, y, ref bits)) return;
            var missing = 0;
            while (!grid.Missing.IsBelow(missing + 1, x, y, ref bits)) missing++;
            block = new Jpeg2000Block(missing);
        }
        else if (!bits.Flag()) return;
        var passes = ReadPasses(ref bits);
        while (bits.Flag()) block.LengthBits++;
        var lengthBits = block.LengthBits + int.Log2(passes);
        if (lengthBits > 31) throw Jpeg2000Decoder.Damaged($"a length in tile {_index} has {lengthBits} bits");
        block.Passes += passes;
        _pending.Add((block, bits.Bits(lengthBits)));
    }

    private static int ReadPasses(ref Jpeg2000PacketBits bits)
    {
        if (!bits.Flag()) return 1;
        if (!bits.Flag()) return 2;
        if (bits.Bits(2) is var few and < 3) return 3 + few;
        return bits.Bits(5) is var more and < 31 ? 6 + more : 37 + bits.Bits(7);
    }

    /// <summary>Luma and chroma to red, green and blue (annex G).</summary>
    private void MixComponents()
    {
        var (first, second, third) = (_components[0], _components[1], _components[2]);
        if (first.IsReversible != second.IsReversible || first.IsReversible != third.IsReversible) throw Jpeg2000Decoder.Damaged($"the components of tile {_index} are mixed, but not all of one transform");
        for (var i = 0; i < first.Whole.Length; i++)
        {
            var green = first.Whole[i] - ((second.Whole[i] + third.Whole[i]) >> 2);
            (first.Whole[i], second.Whole[i], third.Whole[i]) = (third.Whole[i] + green, green, second.Whole[i] + green);
        }
        for (var i = 0; i < first.Real.Length; i++)
        {
            var (luma, blue, red) = (first.Real[i], second.Real[i], third.Real[i]);
            (first.Real[i], second.Real[i], third.Real[i]) = (luma + (red * 1.402f), luma - (blue * 0.34413f) - (red * 0.71414f), luma + (blue * 1.772f));
        }
    }

    private void WriteSamples(DecodedImage image, int from, int channel)
    {
        var (component, (depth, isSigned)) = (_components[from], _size.Components[from]);
        var (shift, least, most) = (isSigned ? 0 : 1 << (depth - 1), isSigned ? -(1 << (depth - 1)) : 0, (1 << (isSigned ? depth - 1 : depth)) - 1);
        for (var y = 0; y < _area.Height; y++)
        {
            var to = image.Rgb.AsSpan((int)(3 * (((_area.Y0 - _size.Y0 + y) * image.Width) + _area.X0 - _size.X0)), 3 * _area.Width);
            for (var x = 0; x < _area.Width; x++)
            {
                var i = (y * _area.Width) + x;
                var value = component.IsReversible ? component.Whole[i] : (long)Math.Clamp(MathF.Round(component.Real[i]), int.MinValue, int.MaxValue);
                var sample = (int)Math.Clamp(value + shift, least, most) + (isSigned ? 1 << (depth - 1) : 0);
                to[(3 * x) + channel] = depth > 8 ? (byte)Math.Min(255, (sample + (1 << (depth - 9))) >> (depth - 8)) : (byte)(sample << (8 - depth));
            }
        }
    }
}
