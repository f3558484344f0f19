using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Which micro-kernel multiplies. All give the same bits.</summary>
internal enum GemmKernel
{
    /// <summary>The widest that this machine has.</summary>
    Automatic,

    /// <summary><see cref="System.Numerics.Vector{T}"/>, whatever its width: other processors than x86-64.</summary>
    Portable,

    /// <summary>AVX2 with FMA: tiles of 6 rows by 2 vectors of 256 bits.</summary>
    Vector256,

    /// <summary>AVX-512: tiles of 12 rows by 2 vectors of 512 bits.</summary>
    Vector512,
}

/// <summary>The one place where a micro-kernel is chosen.</summary>
internal static class GemmSelection
{
    /// <summary>This machine can run the kernel.</summary>
    public static bool IsSupported(GemmKernel kernel) => kernel switch
    {
        GemmKernel.Vector512 => Avx512F.IsSupported && Vector512.IsHardwareAccelerated,
        GemmKernel.Vector256 => Fma.IsSupported && Avx2.IsSupported,
        _ => true,
    };

    /// <summary>What <see cref="GemmKernel.Automatic"/> means here; every other kernel as it is.</summary>
    public static GemmKernel Resolve(GemmKernel kernel)
    {
        if (kernel == GemmKernel.Automatic)
        {
            return IsSupported(GemmKernel.Vector512) ? GemmKernel.Vector512
                : IsSupported(GemmKernel.Vector256) ? GemmKernel.Vector256
                : GemmKernel.Portable;
        }
        return IsSupported(kernel) ? kernel : throw new PlatformNotSupportedException($"the matrix kernel {kernel} needs vector instructions that this processor does not have");
    }
}
