namespace Slipway.Models.Kernels;

/// <summary>A function of one number, written once for every width of vector. Passed as a type, so that loops over it are compiled with it inside.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IFunction<T>
    where T : unmanaged
{
    static abstract TVector Invoke<TVector>(TVector x)
        where TVector : unmanaged, ISimdVector<TVector, T>;
}

/// <summary>A function of two numbers, see <see cref="IFunction{T}"/>.</summary>
internal interface IFunction2<T>
    where T : unmanaged
{
    static abstract TVector Invoke<TVector>(TVector x, TVector y)
        where TVector : unmanaged, ISimdVector<TVector, T>;
}
