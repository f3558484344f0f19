namespace Slipway.Models.Graph;

internal static class SignalsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("DFT", 17, 1, 2, 1, static n => new Dft(n, axisIsInput: false));
        catalog.Add("DFT", 20, 1, 3, 1, static n => new Dft(n, axisIsInput: true));
        catalog.Add("STFT", 17, 2, 4, 1, static n => new Stft(n));
        catalog.Add("HannWindow", 17, 1, 1, 1, static n => new WindowFunction(n, 0.5, 0.5, 0));
        catalog.Add("HammingWindow", 17, 1, 1, 1, static n => new WindowFunction(n, 25.0 / 46, 21.0 / 46, 0));
        catalog.Add("BlackmanWindow", 17, 1, 1, 1, static n => new WindowFunction(n, 0.42, 0.5, 0.08));
        catalog.Add("MelWeightMatrix", 17, 5, 5, 1, static n => new MelWeightMatrix(n));
    }
}
