namespace Slipway.Models.Graph;

/// <summary>A component of a tile: its resolutions, bands and precincts (ITU-T T.800, annex B), and its samples.</summary>
internal sealed class Jpeg2000Component
{
    /// <summary>Passes over samples that a byte can be good for; where all are likely zeros it is some ten thousand, and behind the data they have no end.</summary>
    private const long VisitsOfByte = 1 << 16;

    private readonly Jpeg2000Coding _coding;
    private readonly Jpeg2000Quantization _quantization;
    private readonly int _depth;
    private readonly Jpeg2000Resolution[] _resolutions;
    private readonly List<Jpeg2000BlockGrid> _grids = [];

    public Jpeg2000Component(Jpeg2000Coding coding, Jpeg2000Quantization quantization, int depth, Jpeg2000Resolution tile)
    {
        (_coding, _quantization, _depth) = (coding, quantization, depth);
        _resolutions = new Jpeg2000Resolution[coding.Levels + 1];
        for (var r = 0; r < _resolutions.Length; r++) _resolutions[r] = Shrunk(tile, coding.Levels - r, 0, 0);
    }

    public bool IsReversible => _coding.IsReversible;

    /// <summary>Samples of the reversible transform.</summary>
    public int[] Whole { get; private set; } = [];

    /// <summary>Samples of the irreversible transform.</summary>
    public float[] Real { get; private set; } = [];

    public long PrecinctCount
    {
        get
        {
            var count = 0L;
            for (var r = 0; r < _resolutions.Length; r++)
            {
                var (_, _, across, down) = PrecinctGrid(r);
                count += across * down;
            }
            return count;
        }
    }

    /// <summary>Adds those of every resolution, row by row.</summary>
    public void AddPrecincts(int component, Jpeg2000Resolution tile, List<Jpeg2000Precinct> precincts)
    {
        for (var r = 0; r < _resolutions.Length; r++)
        {
            var bands = Bands(r, tile);
            var (first, top, across, down) = PrecinctGrid(r);
            var (width, height) = (_coding.Precincts[r] & 15, _coding.Precincts[r] >> 4);
            // A precinct of the resolution is half as large in each of three bands.
            var half = r == 0 ? 0 : 1;
            for (var i = 0; i < across * down; i++)
            {
                var (column, row) = (first + (i % across), top + (i / across));
                var grids = Array.ConvertAll(bands, band => new Jpeg2000BlockGrid(
                    band, column << (width - half), row << (height - half), (column + 1) << (width - half), (row + 1) << (height - half),
                    Math.Min(_coding.BlockWidth, width - half), Math.Min(_coding.BlockHeight, height - half)));
                _grids.AddRange(grids);
                var shift = _coding.Levels - r;
                precincts.Add(new Jpeg2000Precinct(component, r, i, Math.Max(tile.X0, column << (width + shift)), Math.Max(tile.Y0, row << (height + shift)), grids));
            }
        }
    }

    /// <param name="packets">The data of the tile.</param>
    public void Decode(ReadOnlySpan<byte> packets, Jpeg2000Blocks blocks)
    {
        var (width, height) = (_resolutions[^1].Width, _resolutions[^1].Height);
        if (IsReversible) Whole = new int[width * height];
        else Real = new float[width * height];
        foreach (var grid in _grids)
        {
            for (var i = 0; i < grid.Blocks.Length; i++)
            {
                if (grid.Blocks[i] is { Passes: > 0 } block) DecodeBlock(grid.Band, block, grid.Place(i), packets, blocks);
            }
        }
        if (IsReversible) Jpeg2000Wavelet.Undo<int, ReversibleLifting>(Whole, _resolutions);
        else Jpeg2000Wavelet.Undo<float, IrreversibleLifting>(Real, _resolutions);
    }

    private void DecodeBlock(Jpeg2000Band band, Jpeg2000Block block, (int X0, int Y0, int X1, int Y1) place, ReadOnlySpan<byte> packets, Jpeg2000Blocks blocks)
    {
        var planes = band.Planes - block.Missing;
        if (planes is < 1 or > 30 || block.Passes > (3 * planes) - 2) throw Jpeg2000Decoder.Damaged($"a code block at ({place.X0}, {place.Y0}) of a band {band.Kind} has {block.Passes} passes over {planes} bit planes");
        var data = new byte[block.Data.Sum(part => part.Length)];
        var at = 0;
        foreach (var (start, length) in block.Data)
        {
            packets.Slice(start, length).CopyTo(data.AsSpan(at));
            at += length;
        }
        var (width, height) = (place.X1 - place.X0, place.Y1 - place.Y0);
        if (block.Passes * (width * height) > VisitsOfByte * (data.Length + 1L)) throw Jpeg2000Decoder.Damaged($"a code block of {width} × {height} samples has {block.Passes} passes in {data.Length} bytes");
        var values = blocks.Decode(data, width, height, band.Kind, planes, block.Passes, (_coding.Style & 2) != 0, (_coding.Style & 32) != 0);
        var step = 0.5f * band.Step;
        for (var y = place.Y0; y < place.Y1; y++)
        {
            var row = values.Slice((y - place.Y0) * width, width);
            var to = band.Offset + ((y - band.Y0) * _resolutions[^1].Width) + place.X0 - band.X0;
            for (var x = 0; x < width; x++)
            {
                if (IsReversible) Whole[to + x] = row[x] / 2;
                else Real[to + x] = row[x] * step;
            }
        }
    }

    private (long First, long Top, long Across, long Down) PrecinctGrid(int r)
    {
        var (of, width, height) = (_resolutions[r], _coding.Precincts[r] & 15, _coding.Precincts[r] >> 4);
        if (of.Width <= 0 || of.Height <= 0) return (0, 0, 0, 0);
        var (first, top) = (of.X0 >> width, of.Y0 >> height);
        return (first, top, ((of.X1 - 1) >> width) - first + 1, ((of.Y1 - 1) >> height) - top + 1);
    }

    private Jpeg2000Band[] Bands(int r, Jpeg2000Resolution tile)
    {
        if (r == 0) return [Band(Jpeg2000BandKind.LL, 0, _coding.Levels, tile, 0)];
        var (level, below, stride) = (_coding.Levels - r + 1, _resolutions[r - 1], _resolutions[^1].Width);
        return
        [
            Band(Jpeg2000BandKind.HL, r, level, tile, below.Width),
            Band(Jpeg2000BandKind.LH, r, level, tile, below.Height * stride),
            Band(Jpeg2000BandKind.HH, r, level, tile, (below.Height * stride) + below.Width),
        ];
    }

    private Jpeg2000Band Band(Jpeg2000BandKind kind, int r, int level, Jpeg2000Resolution tile, int offset)
    {
        var place = Shrunk(tile, level, (int)kind & 1, (int)kind >> 1);
        var index = r == 0 ? 0 : (3 * (r - 1)) + (int)kind;
        var steps = _quantization.Steps;
        if (index >= steps.Length && !_quantization.IsDerived) throw Jpeg2000Decoder.Damaged($"it has {steps.Length} quantizer steps, none for band {index}");
        var step = steps[_quantization.IsDerived ? 0 : index];
        var exponent = Math.Max(0, (step >> 11) - (_quantization.IsDerived ? Math.Max(0, r - 1) : 0));
        var size = (float)((1 + ((step & 0x7FF) / 2048.0)) * Math.Pow(2, _depth - exponent));
        return new Jpeg2000Band(kind, place.X0, place.Y0, place.X1, place.Y1, _quantization.GuardBits + exponent - 1, size, offset);
    }

    /// <summary>An area where so many times each second sample is left; from an odd one on where it is high.</summary>
    private static Jpeg2000Resolution Shrunk(Jpeg2000Resolution of, int times, int highAcross, int highDown)
    {
        return new Jpeg2000Resolution(Place(of.X0, highAcross), Place(of.Y0, highDown), Place(of.X1, highAcross), Place(of.Y1, highDown));

        int Place(long at, long high) => times == 0 ? (int)at : (int)((at - (high << (times - 1)) + (1L << times) - 1) >> times);
    }
}
