namespace Slipway.Models.Kernels;

/// <summary>How a convolution is computed. All give the same bits.</summary>
internal enum ConvolutionKernel
{
    /// <summary>Chosen by shape.</summary>
    Automatic,

    /// <summary>Weights times columns that are copied panel by panel; neighbouring outputs share a vector.</summary>
    Panels,

    /// <summary>Columns times weights: neighbouring filters share a vector. For outputs of few pixels.</summary>
    Filters,

    /// <summary>One channel at a time, from its padded plane. For groups of one channel.</summary>
    Depthwise,
}
