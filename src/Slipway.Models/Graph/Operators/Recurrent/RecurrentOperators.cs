namespace Slipway.Models.Graph;

/// <summary>Operators that walk sequences with a state.</summary>
internal static class RecurrentOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("RNN", 1, minInputs: 3, maxInputs: 6, maxOutputs: 2, static n => new Rnn(n));
        catalog.Add("GRU", 1, minInputs: 3, maxInputs: 6, maxOutputs: 2, static n => new Gru(n));
        catalog.Add("LSTM", 1, minInputs: 3, maxInputs: 8, maxOutputs: 3, static n => new Lstm(n));
    }
}
