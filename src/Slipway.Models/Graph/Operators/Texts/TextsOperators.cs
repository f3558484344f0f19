namespace Slipway.Models.Graph;

/// <summary>Operators of texts.</summary>
internal static class TextsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("StringConcat", 20, minInputs: 2, maxInputs: 2, maxOutputs: 1, static _ => new StringConcat());
        catalog.Add("StringSplit", 20, minInputs: 1, maxInputs: 1, maxOutputs: 2, static n => new StringSplit(n));
        catalog.Add("StringNormalizer", 10, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new StringNormalizer(n));
        catalog.Add("RegexFullMatch", 20, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new RegexFullMatch(n));
        catalog.Add("TfIdfVectorizer", 9, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new TfIdfVectorizer(n));
    }
}
