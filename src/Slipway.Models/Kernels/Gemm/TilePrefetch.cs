namespace Slipway.Models.Kernels;

/// <summary>
/// What a tile asks for while it computes, a line of each at every step, so that the tiles and blocks that follow find it in the second-level cache. Processors foresee
/// little of it by themselves: strips and panels of a few pages end before they notice.
/// </summary>
/// <param name="left">Where the steps of the next strip of A begin, side by side.</param>
/// <param name="right">Where a part of B begins that is needed soon.</param>
/// <param name="rightStep">From a line of it to the next, in bytes; 0 where none is needed.</param>
internal readonly unsafe struct TilePrefetch(void* left, void* right, nint rightStep)
{
    public const int LineBytes = 64;

    public readonly byte* Left = (byte*)left;

    public readonly byte* Right = (byte*)right;

    public readonly nint RightStep = rightStep;
}
