namespace Slipway.Models.Graph;

/// <summary>The sizes of one run of a recurrent operator.</summary>
internal readonly record struct RecurrentSizes(int Length, int Batch, int Input, int Hidden, int Gates, int Directions)
{
    /// <summary>Gates of all units.</summary>
    public int Width => Gates * Hidden;

    /// <summary>Elements that a run computes with beside its inputs and outputs, when these have the type of the arithmetic.</summary>
    public long Workspace => (long)Length * Batch * (Input + (long)Width) + (long)Batch * (2L * Width + 3L * Hidden) + Width;
}
