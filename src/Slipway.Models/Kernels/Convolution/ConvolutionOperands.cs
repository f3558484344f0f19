namespace Slipway.Models.Kernels;

/// <summary>The tensors of one run, pinned and checked.</summary>
internal unsafe struct ConvolutionOperands
{
    public int Batch;
    public int Threads;

    /// <summary>Null when they were packed at load.</summary>
    public float* Weights;

    /// <summary>One value for each filter, or null.</summary>
    public float* Bias;
    public float* Input;
    public float* Output;

    /// <summary>As the output, or null.</summary>
    public float* Residual;
    public byte* Scratch;
}
