namespace Slipway.Models.Graph;

/// <summary>Operators of sequences and optionals.</summary>
internal static class SequencesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("SequenceEmpty", 11, minInputs: 0, maxInputs: 0, maxOutputs: 1, static n => new SequenceEmpty(n));
        catalog.Add("SequenceConstruct", 11, minInputs: 1, maxInputs: int.MaxValue, maxOutputs: 1, static _ => new SequenceConstruct());
        catalog.Add("SequenceAt", 11, minInputs: 2, maxInputs: 2, maxOutputs: 1, static _ => new SequenceAt());
        catalog.Add("SequenceInsert", 11, minInputs: 2, maxInputs: 3, maxOutputs: 1, static _ => new SequenceInsert());
        catalog.Add("SequenceErase", 11, minInputs: 1, maxInputs: 2, maxOutputs: 1, static _ => new SequenceErase());
        catalog.Add("SequenceLength", 11, minInputs: 1, maxInputs: 1, maxOutputs: 1, static _ => new SequenceLength());
        catalog.Add("SplitToSequence", 11, minInputs: 1, maxInputs: 2, maxOutputs: 1, static n => new SplitToSequence(n));
        catalog.Add("ConcatFromSequence", 11, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new ConcatFromSequence(n));
        catalog.Add("SequenceMap", 17, minInputs: 1, maxInputs: int.MaxValue, maxOutputs: int.MaxValue, static n => new SequenceMap(n));
        catalog.Add("Optional", 15, minInputs: 0, maxInputs: 1, maxOutputs: 1, static n => new OptionalOf(n));
        catalog.Add("OptionalGetElement", 15, minInputs: 1, maxInputs: 1, maxOutputs: 1, static _ => new OptionalGetElement());
        catalog.Add("OptionalHasElement", 15, minInputs: 0, maxInputs: 1, maxOutputs: 1, static _ => new OptionalHasElement());
    }
}
