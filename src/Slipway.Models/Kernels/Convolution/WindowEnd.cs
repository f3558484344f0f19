namespace Slipway.Models.Kernels;

/// <summary>What a tile of a convolution does to its sums before it writes them.</summary>
internal unsafe struct WindowEnd
{
    /// <summary>Of the tile's first filter, the others behind it; or null.</summary>
    public float* Bias;

    /// <summary>The activation's alpha.</summary>
    public float Low;

    /// <summary>The activation's beta.</summary>
    public float High;
}
