namespace Slipway.Models.Trees.Kernels;

/// <inheritdoc cref="KernelKind.Reference"/>
internal sealed class ReferenceKernel(TreeEnsemble ensemble) : MarginKernel(ensemble.FeatureCount, ensemble.OutputCount)
{
    protected override void ScoreRows(ReadOnlySpan<float> rows, Span<float> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * Features, Features);
            var sums = margins.Slice(r * Outputs, Outputs);
            ensemble.BaseMargins.AsSpan().CopyTo(sums);
            for (var tree = 0; tree < ensemble.TreeCount; tree++)
            {
                var leaf = FindLeaf(ensemble.TreeStarts[tree], row);
                if (ensemble.HasVectorLeaves) Add(ensemble.LeafVectors.AsSpan(~ensemble.LeftChildren[leaf], Outputs), sums);
                else sums[ensemble.TreeOutputs[tree]] += ensemble.Thresholds[leaf];
            }
        }
    }

    private int FindLeaf(int node, ReadOnlySpan<float> row)
    {
        while (true)
        {
            var feature = ensemble.Features[node];
            if (feature < 0) return node;
            var x = row[feature];
            var goesLeft = float.IsNaN(x) ? ensemble.DefaultLeft[node]
                : ensemble.CategorySets[node] is var set and >= 0 ? !Contains(set, x)
                : x < ensemble.Thresholds[node];
            node = ensemble.LeftChildren[node] + (goesLeft ? 0 : 1);
        }
    }

    private bool Contains(int set, float x)
    {
        // Category codes are exact in float32 up to 2^24; anything outside is no category.
        if (!(x >= 0 && x < 1 << 24)) return false;
        var category = (int)x;
        var word = ensemble.CategorySetStarts[set] + (category >> 5);
        return word < ensemble.CategorySetStarts[set + 1] && (ensemble.CategoryBits[word] >> category & 1) != 0;
    }

    private static void Add(ReadOnlySpan<float> leaf, Span<float> sums)
    {
        for (var i = 0; i < sums.Length; i++) sums[i] += leaf[i];
    }
}
