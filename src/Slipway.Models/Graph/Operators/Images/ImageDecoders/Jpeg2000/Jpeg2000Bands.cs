namespace Slipway.Models.Graph;

/// <summary>Low or high across, low or high down.</summary>
internal enum Jpeg2000BandKind
{
    LL,
    HL,
    LH,
    HH,
}

/// <summary>A tile's component at some size, by its place on that resolution's grid.</summary>
internal sealed record Jpeg2000Resolution(int X0, int Y0, int X1, int Y1)
{
    public int Width => X1 - X0;

    public int Height => Y1 - Y0;
}

/// <summary>A band, by its place on its own grid.</summary>
/// <param name="Planes">Bit planes that a coefficient can have (T.800, equation E-2).</param>
/// <param name="Step">By which irreversible coefficients are multiplied; that high samples are twice as large is left to the wavelet.</param>
/// <param name="Offset">Of its first coefficient among the component's samples.</param>
internal sealed record Jpeg2000Band(Jpeg2000BandKind Kind, int X0, int Y0, int X1, int Y1, int Planes, float Step, int Offset);

/// <summary>A code block that has data: its passes, and where they are.</summary>
/// <param name="missing">Highest bit planes that are zero.</param>
internal sealed class Jpeg2000Block(int missing)
{
    public int Missing => missing;

    public int Passes { get; set; }

    /// <summary>Bits of a length, at least.</summary>
    public int LengthBits { get; set; } = 3;

    public List<(int Start, int Length)> Data { get; } = [];
}

/// <summary>The code blocks of a band in one precinct.</summary>
internal sealed class Jpeg2000BlockGrid
{
    private readonly int _x0, _y0, _x1, _y1, _width, _height;

    /// <param name="width">Of a block, the logarithm.</param>
    public Jpeg2000BlockGrid(Jpeg2000Band band, long x0, long y0, long x1, long y1, int width, int height)
    {
        (Band, _width, _height) = (band, width, height);
        (_x0, _y0) = ((int)Math.Max(x0, band.X0), (int)Math.Max(y0, band.Y0));
        (_x1, _y1) = ((int)Math.Min(x1, band.X1), (int)Math.Min(y1, band.Y1));
        if (_x1 > _x0 && _y1 > _y0) (Across, Down) = (((_x1 - 1) >> width) - (_x0 >> width) + 1, ((_y1 - 1) >> height) - (_y0 >> height) + 1);
        Blocks = new Jpeg2000Block?[Across * Down];
        (Inclusion, Missing) = (new Jpeg2000TagTree(Across, Down), new Jpeg2000TagTree(Across, Down));
    }

    public Jpeg2000Band Band { get; }

    public int Across { get; }

    public int Down { get; }

    public Jpeg2000Block?[] Blocks { get; }

    /// <summary>The first layer of each block.</summary>
    public Jpeg2000TagTree Inclusion { get; }

    /// <summary>The highest bit planes of each block that are zero.</summary>
    public Jpeg2000TagTree Missing { get; }

    public (int X0, int Y0, int X1, int Y1) Place(int block)
    {
        var (column, row) = ((_x0 >> _width) + (block % Across), (_y0 >> _height) + (block / Across));
        return (Math.Max(column << _width, _x0), Math.Max(row << _height, _y0), (int)Math.Min((column + 1L) << _width, _x1), (int)Math.Min((row + 1L) << _height, _y1));
    }
}

/// <summary>A part of a resolution of a component, of which each layer has a packet.</summary>
/// <param name="Index">Among those of the resolution.</param>
/// <param name="X">Of its first sample on the reference grid.</param>
internal sealed record Jpeg2000Precinct(int Component, int Resolution, int Index, long X, long Y, Jpeg2000BlockGrid[] Grids);
