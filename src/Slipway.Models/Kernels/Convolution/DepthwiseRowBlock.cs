namespace Slipway.Models.Kernels;

/// <summary>Sixteen columns of outputs, and the rows of input that they see: of <see cref="DepthwiseRowTile{TFunction, TSize}"/>.</summary>
internal unsafe struct DepthwiseRowBlock
{
    /// <summary>From a channel's first element to what the first column sees at its first tap, in row 0; before the channel where that is padding.</summary>
    public nint From;

    /// <summary>From a row of the input to the next.</summary>
    public nint Pitch;

    /// <summary>Of the input.</summary>
    public nint Rows;

    /// <summary>Rows of padding above the input.</summary>
    public nint Above;

    /// <summary>The row of the input after which the first output is finished, maybe below the input; after it one is finished at each step.</summary>
    public nint FirstRow;

    /// <summary>The row of the input after which the last output is finished.</summary>
    public nint LastRow;

    /// <summary>The first column.</summary>
    public nint To;

    /// <summary>From a row of the outputs to the next.</summary>
    public nint ToPitch;

    /// <summary>From what is read to what the next two filters will read there: asked for in time, for columns of a plane lie too far apart to be foreseen.</summary>
    public nint Ahead;

    /// <summary>From an output to where the next two filters write it.</summary>
    public nint ToAhead;

    /// <summary>For each vector that is read of a row, all bits of what belongs to the row and to an output, and none of padding.</summary>
    public float* Masks;

    /// <summary>All bits of the columns that there are.</summary>
    public float* Kept;

    /// <summary>What is read where a row is padding: as many zeros as there are reads to the right.</summary>
    public float* Zeros;

    /// <summary>The activation's alpha.</summary>
    public float Low;

    /// <summary>The activation's beta.</summary>
    public float High;
}

/// <summary>One filter as a <see cref="DepthwiseRowTile{TFunction, TSize}"/> takes it.</summary>
internal unsafe struct DepthwiseRowFilter
{
    /// <summary>The first element of its channel.</summary>
    public float* Input;

    /// <summary>The first of its outputs.</summary>
    public float* Output;

    /// <summary>Of its taps, row by row.</summary>
    public float* Weights;

    /// <summary>Its own, or null.</summary>
    public float* Bias;
}
