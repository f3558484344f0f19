namespace Slipway.Models.Kernels;

/// <summary>The columns of a right operand in panels of two vectors; the last has one vector where that is enough, and zeros beyond its columns.</summary>
internal readonly struct Panels
{
    private readonly int _columns;
    private readonly int _vector;

    /// <param name="columns">0 or more.</param>
    /// <param name="vector">Elements of a vector.</param>
    public Panels(int columns, int vector)
    {
        _columns = columns;
        _vector = vector;
        Count = (int)(((long)columns + Width - 1) / Width);
    }

    public int Count { get; }

    /// <summary>Elements of a step of every panel but the last.</summary>
    public int Width => 2 * _vector;

    /// <summary>Elements of a step of all panels.</summary>
    public long TotalWidth => Count == 0 ? 0 : ((Count - 1L) * Width) + WidthOf(Count - 1);

    /// <summary>The first column; with <see cref="Count"/>, the number of columns.</summary>
    public int Start(int panel) => panel == Count ? _columns : panel * Width;

    /// <summary>Columns of the matrix in it.</summary>
    public int ColumnsOf(int panel) => Math.Min(Width, _columns - (panel * Width));

    /// <summary>Elements of a step of it: one vector or two.</summary>
    public int WidthOf(int panel) => ColumnsOf(panel) <= _vector ? _vector : Width;
}
