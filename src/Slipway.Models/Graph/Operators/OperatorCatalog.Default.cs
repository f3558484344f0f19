namespace Slipway.Models.Graph;

internal sealed partial class OperatorCatalog
{
    private static OperatorCatalog CreateDefault()
    {
        var catalog = new OperatorCatalog();
        ElementwiseOperators.Register(catalog);
        ConversionsOperators.Register(catalog);
        QuantizationOperators.Register(catalog);
        ReductionsOperators.Register(catalog);
        MatricesOperators.Register(catalog);
        NormalizationOperators.Register(catalog);
        ShapesOperators.Register(catalog);
        IndexingOperators.Register(catalog);
        GeneratorsOperators.Register(catalog);
        SelectionOperators.Register(catalog);
        ConvolutionsOperators.Register(catalog);
        PoolingOperators.Register(catalog);
        ImagesOperators.Register(catalog);
        SignalsOperators.Register(catalog);
        RecurrentOperators.Register(catalog);
        ControlOperators.Register(catalog);
        SequencesOperators.Register(catalog);
        TextsOperators.Register(catalog);
        LossesOperators.Register(catalog);
        ChancesOperators.Register(catalog);
        AttentionsOperators.Register(catalog);
        LearningOperators.Register(catalog);
        MicrosoftOperators.Register(catalog);
        return catalog;
    }
}
