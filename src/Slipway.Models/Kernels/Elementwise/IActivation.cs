namespace Slipway.Models.Kernels;

/// <summary>A function of one float32 number with constants of its own, written once for every width of vector.</summary>
internal interface IActivation
{
    TVector Invoke<TVector>(TVector x)
        where TVector : unmanaged, ISimdVector<TVector, float>;
}
