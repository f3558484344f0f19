using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Operators of com.microsoft that ONNX Runtime's optimiser and its exporters write (onnxruntime/docs/ContribOperators.md). Those that are ai.onnx operators under another name are made as these.</summary>
internal static class MicrosoftOperators
{
    private const string Domain = "com.microsoft";

    /// <summary>The set has one version; a model that does not name it means that.</summary>
    private const int Since = 0;

    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add(Domain, "Gelu", Since, 1, 1, 1, Activations.Gelu);
        catalog.Add(Domain, "QuickGelu", Since, 1, 1, 1, static n => Activations.Swish(n.Float("alpha", 1.702f)));
        catalog.Add(Domain, "BiasGelu", Since, 2, 2, 1, static _ => new BiasedGelu(VectorMath.Gelu, VectorMath.Gelu));
        catalog.Add(Domain, "FastGelu", Since, 1, 2, 1, static _ => new BiasedGelu(VectorMath.GeluTanh, VectorMath.GeluTanh));
        catalog.Add(Domain, "FusedGemm", Since, 2, 3, 1, static n => new GemmOperator(n) { Activation = FusedActivation.Of(n) });
        catalog.Add(Domain, "FusedMatMul", Since, 2, 2, 1, static n => new FusedMatMul(n));
        catalog.Add(Domain, "TransposeMatMul", Since, 2, 2, 1, static n => new FusedMatMul(n));
        // Sparse initializers are dense once they are read.
        catalog.Add(Domain, "SparseToDenseMatMul", Since, 2, 2, 1, static n => new FusedMatMul(n));
        catalog.Add(Domain, "CDist", Since, 2, 2, 1, static n => new PairDistance(n));
        catalog.Add(Domain, "MurmurHash3", Since, 1, 1, 1, static n => new MurmurHash(n));
        catalog.Add(Domain, "ExpandDims", Since, 2, 2, 1, static n => new Unsqueeze(As(n, "Unsqueeze", 13)));
        catalog.Add(Domain, "GatherND", Since, 2, 2, 1, static n => new GatherND(As(n, "GatherND", 13)));
        catalog.Add(Domain, "GridSample", Since, 2, 2, 1, static n => new GridSample(As(n, "GridSample", 16)));
        catalog.Add(Domain, "Trilu", Since, 1, 2, 1, static n => new Trilu(As(n, "Trilu", 14)));
        catalog.Add(Domain, "FusedConv", Since, 2, 4, 1, static n => new Conv(n, FusedActivation.Of(n)));
        catalog.Add(Domain, "SkipLayerNormalization", Since, 3, 5, 4, static n => new SkipLayerNormalization(n, isCentred: true));
        catalog.Add(Domain, "SkipSimplifiedLayerNormalization", Since, 3, 4, 4, static n => new SkipLayerNormalization(n, isCentred: false));
        catalog.Add(Domain, "QuantizeLinear", Since, 2, 3, 1, static n => new QuantizeLinear(As(n, "QuantizeLinear", 25)));
        catalog.Add(Domain, "DequantizeLinear", Since, 2, 3, 1, static n => new DequantizeLinear(As(n, "DequantizeLinear", 25)));
        catalog.Add(Domain, "MatMulIntegerToFloat", Since, 4, 7, 1, static n => new MatMulIntegerToFloat(n));
        catalog.Add(Domain, "DynamicQuantizeMatMul", Since, 3, 5, 1, static n => new DynamicQuantizeMatMul(n));
        catalog.Add(Domain, "Pad", Since, 2, 3, 1, static n => new Pad(As(n, "Pad", 13)));
        catalog.Add(Domain, "Range", Since, 3, 3, 1, static _ => new NumberRange());
        catalog.Add(Domain, "RemovePadding", Since, 2, 2, 4, static _ => new RemovePadding());
        catalog.Add(Domain, "RestorePadding", Since, 2, 2, 1, static _ => new RestorePadding());
        catalog.Add(Domain, "QLinearAdd", Since, 7, 8, 1, static _ => new QLinearBinary(isProduct: false));
        catalog.Add(Domain, "QLinearMul", Since, 7, 8, 1, static _ => new QLinearBinary(isProduct: true));
        catalog.Add(Domain, "QLinearSigmoid", Since, 4, 5, 1, static _ => QLinearUnary.Sigmoid());
        catalog.Add(Domain, "QLinearLeakyRelu", Since, 4, 5, 1, static n => QLinearUnary.LeakyRelu(n.Float("alpha", 0.01f)));
        catalog.Add(Domain, "QLinearSoftmax", Since, 4, 5, 1, static n => new QLinearSoftmax(n));
        catalog.Add(Domain, "QLinearAveragePool", Since, 4, 5, 1, static n => new QLinearAveragePool(n));
        catalog.Add(Domain, "QLinearGlobalAveragePool", Since, 5, 5, 1, static n => new QLinearGlobalAveragePool(n));
        catalog.Add(Domain, "QLinearConcat", Since, 5, int.MaxValue, 1, static n => new QLinearConcat(n));
        catalog.Add(Domain, "QLinearWhere", Since, 9, 9, 1, static _ => new QLinearWhere());
        catalog.Add(Domain, "QGemm", Since, 6, 9, 1, static n => new QGemm(n));
        catalog.Add(Domain, "Attention", Since, 2, 7, 2, static n => new MergedAttention(n));
        catalog.Add(Domain, "QAttention", Since, 5, 9, 2, static n => new QAttention(n));
        catalog.Add(Domain, "MultiHeadAttention", Since, 1, 10, 4, static n => new MultiHeadAttention(n));
        catalog.Add(Domain, "DecoderMaskedMultiHeadAttention", Since, 1, 11, 4, static n => new DecoderMaskedMultiHeadAttention(n));
        catalog.Add(Domain, "GroupQueryAttention", Since, 1, 16, 4, static n => new GroupQueryAttention(n));
        catalog.Add(Domain, "RotaryEmbedding", Since, 4, 4, 1, static n => new PositionedRotaryEmbedding(n));
        catalog.Add(Domain, "EmbedLayerNormalization", Since, 1, 9, 3, static n => new EmbedLayerNormalization(n));
        catalog.Add(Domain, "MatMulNBits", Since, 3, 7, 1, static n => new MatMulNBits(n));
        catalog.Add(Domain, "GatherBlockQuantized", Since, 3, 4, 1, static n => new GatherBlockQuantized(n));
        catalog.Add(Domain, "NhwcMaxPool", Since, 1, 1, 1, static n => new NhwcMaxPool(n));
        // ONNX Runtime registers these for ai.onnx itself, for models of any version.
        catalog.Add("LayerNormalization", 1, 2, 3, 3, static n => new LayerNormalization(n));
        catalog.Add("SimplifiedLayerNormalization", 1, 2, 2, 2, static n => new LayerNormalization(As(n, "RMSNormalization", 23)));
    }

    /// <summary>The same attributes, as those of an operator of ai.onnx.</summary>
    private static NodeInfo As(NodeInfo node, string name, int version) => new(node.Definition with { Domain = "", Operator = name }, version);
}
