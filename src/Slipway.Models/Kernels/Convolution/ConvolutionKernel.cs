namespace Slipway.Models.Kernels;

/// <summary>How a convolution is computed. All give the same bits.</summary>
internal enum ConvolutionKernel
{
    /// <summary>Chosen by shape.</summary>
    Automatic,

    /// <summary>Weights times columns that are copied panel by panel; neighbouring outputs share a vector.</summary>
    Panels,

    /// <summary>Weights times what lies under the windows, read in place; neighbouring outputs share a vector.</summary>
    Direct,

    /// <summary>Items times weights. For inputs of one pixel.</summary>
    Pixel,

    /// <summary>As <see cref="Direct"/>, for outputs of 7×7 on processors with AVX-512.</summary>
    Plane,

    /// <summary>One channel at a time, from its padded plane. For groups of one channel.</summary>
    Depthwise,

    /// <summary>Two channels at a time, each row read once where it lies. For groups of one channel with windows of 3×3 or 5×5, on processors with AVX-512.</summary>
    DepthwiseRows,
}
