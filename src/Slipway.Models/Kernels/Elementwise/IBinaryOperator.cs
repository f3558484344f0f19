using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>An operation of two elements, passed as a type so that loops are compiled with it inside.</summary>
internal interface IBinaryOperator<T, TResult>
    where T : unmanaged
    where TResult : unmanaged
{
    /// <summary>There is a form for vectors, which gives the bits of the scalar one.</summary>
    static virtual bool IsVectorized => false;

    static abstract TResult Invoke(T a, T b);

    static virtual Vector<TResult> Invoke(Vector<T> a, Vector<T> b) => throw new NotSupportedException();
}

/// <summary>An operation of one element, see <see cref="IBinaryOperator{T, TResult}"/>.</summary>
internal interface IUnaryOperator<T, TResult>
    where T : unmanaged
    where TResult : unmanaged
{
    /// <summary>There is a form for vectors, which gives the bits of the scalar one.</summary>
    static virtual bool IsVectorized => false;

    static abstract TResult Invoke(T x);

    static virtual Vector<TResult> Invoke(Vector<T> x) => throw new NotSupportedException();
}
