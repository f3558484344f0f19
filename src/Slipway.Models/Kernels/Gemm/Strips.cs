namespace Slipway.Models.Kernels;

/// <summary>The rows of a left operand in as few strips as tiles need, all as high as each other or one row higher: no tile is nearly empty.</summary>
internal readonly struct Strips
{
    private readonly int _height;
    private readonly int _higher;

    /// <param name="rows">0 or more.</param>
    /// <param name="most">Rows of the highest tile.</param>
    public Strips(int rows, int most)
    {
        Count = (int)(((long)rows + most - 1) / most);
        (_height, _higher) = Count == 0 ? (0, 0) : Math.DivRem(rows, Count);
    }

    public int Count { get; }

    /// <summary>The first row of a strip; with <see cref="Count"/>, the number of rows.</summary>
    public int Start(int strip) => (strip * _height) + Math.Min(strip, _higher);

    public int Height(int strip) => strip < _higher ? _height + 1 : _height;
}
