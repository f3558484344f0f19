using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>C = epilogue(A·B) with every operand pinned and checked.</summary>
internal unsafe struct GemmProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int M;
    public int N;
    public int K;

    /// <summary>The first element, or where the strips of <see cref="PackedRows{T}"/> begin.</summary>
    public T* A;
    public bool APacked;
    public nint ARow;
    public nint AColumn;

    /// <summary>The first element, or where the panels of <see cref="PackedMatrix{T}"/> begin.</summary>
    public T* B;
    public bool BPacked;
    public nint BRow;
    public nint BColumn;

    /// <summary>Where B comes from when it is not in memory.</summary>
    public ImplicitColumns<T>? Columns;

    public T* C;
    public nint CRow;

    public EpilogueLoop<T> Epilogue;
}
