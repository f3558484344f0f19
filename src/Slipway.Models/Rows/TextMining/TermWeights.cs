using System.Numerics.Tensors;

namespace Slipway.Models.Rows.TextMining;

/// <summary>What the count of a term in a document counts for (PMML 4.4.1, Text Models: localTermWeights).</summary>
internal enum LocalWeight : byte
{
    TermFrequency,
    Binary,
    Logarithmic,
    AugmentedNormalizedTermFrequency,
}

/// <summary>What a term counts for by how it is spread over the documents (globalTermWeights).</summary>
internal enum GlobalWeight : byte
{
    InverseDocumentFrequency,
    None,
    Gfidf,
    Normal,
    ProbabilisticInverse,
}

/// <summary>Turns the counts of terms into the coordinates of a document.</summary>
/// <param name="byLength">Coordinates are divided by the document's length, so that long documents are not far from short ones.</param>
internal sealed class TermWeights(LocalWeight local, double[] global, bool byLength)
{
    /// <summary>Weighs the counts of one document in place.</summary>
    public void Weigh(Span<double> counts)
    {
        var most = local == LocalWeight.AugmentedNormalizedTermFrequency ? TensorPrimitives.Max<double>(counts) : 1;
        for (var term = 0; term < counts.Length; term++) counts[term] = global[term] * Local(counts[term], most);
        if (!byLength) return;
        var length = TensorPrimitives.Norm<double>(counts);
        if (length > 0) TensorPrimitives.Divide(counts, length, counts);
    }

    /// <summary>The weights that the documents of the model give the terms.</summary>
    /// <param name="counts">Document by document.</param>
    public static double[] Global(GlobalWeight kind, ReadOnlySpan<double> counts, int documents, int terms)
    {
        var weights = new double[terms];
        for (var term = 0; term < terms; term++)
        {
            var (occurrences, squares, having) = (0.0, 0.0, 0.0);
            for (var document = 0; document < documents; document++)
            {
                var count = counts[(document * terms) + term];
                occurrences += count;
                squares += count * count;
                if (count > 0) having++;
            }
            weights[term] = having == 0 ? 0 : kind switch
            {
                GlobalWeight.InverseDocumentFrequency => Math.Log(documents / having),
                GlobalWeight.Gfidf => occurrences / having,
                GlobalWeight.Normal => 1 / Math.Sqrt(squares),
                GlobalWeight.ProbabilisticInverse => having < documents ? Math.Log((documents - having) / having) : 0,
                _ => 1,
            };
        }
        return weights;
    }

    private double Local(double count, double most) => local switch
    {
        LocalWeight.Binary => count > 0 ? 1 : 0,
        LocalWeight.Logarithmic => Math.Log(1 + count),
        LocalWeight.AugmentedNormalizedTermFrequency => count > 0 ? 0.5 + (0.5 * count / most) : 0,
        _ => count,
    };
}
