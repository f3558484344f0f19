namespace Slipway.Models.Kernels;

/// <summary>The vector operations of a micro-kernel: one source for every width.</summary>
/// <typeparam name="T">Of C and of a step of A: float32, float64, or int32 with a group of small integers in a step of A.</typeparam>
/// <typeparam name="TRight">Of packed B: <typeparamref name="T"/>, or int8.</typeparam>
/// <typeparam name="TVector">A vector of <typeparamref name="T"/>.</typeparam>
internal unsafe interface ITileLanes<T, TRight, TVector>
    where T : unmanaged
    where TRight : unmanaged
    where TVector : unmanaged
{
    /// <summary>Elements of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Elements of packed B for a vector of columns.</summary>
    static abstract int RightCount { get; }

    /// <summary>Most rows of a tile: two vectors for each row, two of B and a broadcast stay in registers.</summary>
    static abstract int Rows { get; }

    static abstract TVector Load(T* from);

    static abstract void Store(T* to, TVector vector);

    static abstract TVector LoadRight(TRight* from);

    /// <summary>The value in every lane.</summary>
    static abstract TVector Broadcast(T* from);

    /// <summary><c>a·b + c</c>, rounded once; of integers, c and the products of a group.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);
}
