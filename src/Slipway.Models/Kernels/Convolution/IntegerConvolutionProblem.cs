using System.Numerics.Tensors;

namespace Slipway.Models.Kernels;

/// <summary>An integer convolution of a batch with every operand pinned and checked.</summary>
internal unsafe struct IntegerConvolutionProblem
{
    public IntegerConvolution Convolution;
    public IntegerFilters Filters;
    public int Batch;
    public byte* Input;

    /// <summary>Added by exclusive or to every byte of the input and its zero point: 128 makes int8 a number from 0 to 255.</summary>
    public byte Flip;

    /// <summary>The zero point's byte as it is in the input.</summary>
    public byte Zero;

    /// <summary>Null for none.</summary>
    public int* Bias;

    /// <summary>One for each filter; null where the sums are the result.</summary>
    public float* Scales;

    public void* Output;
    public bool IsOutputSigned;
    public int OutputZero;

    /// <summary>What is taken off each sum of a filter because of the input's zero point, with the bias.</summary>
    public readonly int BiasOf(int filter) => unchecked((Bias == null ? 0 : Bias[filter]) - (Filters.Sums[filter] * (Zero ^ Flip)));

    /// <summary>Finishes sums of one filter.</summary>
    /// <param name="position">Of the first in the output.</param>
    public readonly void Take(int* sums, int count, int filter, nint position)
    {
        var from = new ReadOnlySpan<int>(sums, count);
        if (Scales == null) TensorPrimitives.Add(from, BiasOf(filter), new Span<int>((int*)Output + position, count));
        else if (IsOutputSigned) Requantization.Run(from, BiasOf(filter), Scales[filter], (sbyte)OutputZero, new Span<sbyte>((sbyte*)Output + position, count));
        else Requantization.Run(from, BiasOf(filter), Scales[filter], (byte)OutputZero, new Span<byte>((byte*)Output + position, count));
    }
}
