using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Explanations;

/// <summary>
/// The features on the way from a root to a node, each once, and the weights of the subsets of them (Lundberg, Erion, Lee 2018, "Consistent Individualized
/// Feature Attribution for Tree Ensembles", algorithm 2).
/// </summary>
internal static class FeaturePath
{
    /// <param name="Feature">-1 in the first step, which has none.</param>
    /// <param name="Zero">The share of the training rows that go on when the feature is not known.</param>
    /// <param name="One">1 when the explained row itself goes this way, else 0.</param>
    /// <param name="Weight">Of the subsets that have as many features as there are steps before this one.</param>
    [StructLayout(LayoutKind.Auto)]
    public record struct Step(int Feature, double Zero, double One, double Weight);

    /// <summary>Adds a step to a path.</summary>
    /// <param name="path">The steps so far, and room for one more.</param>
    public static void Extend(Span<Step> path, int feature, double zero, double one)
    {
        var last = path.Length - 1;
        path[last] = new Step(feature, zero, one, last == 0 ? 1 : 0);
        for (var i = last - 1; i >= 0; i--)
        {
            path[i + 1].Weight += one * path[i].Weight * (i + 1) / (last + 1);
            path[i].Weight = zero * path[i].Weight * (last - i) / (last + 1);
        }
    }

    /// <summary>Takes a step out of a path, which has one step less then.</summary>
    public static void Remove(Span<Step> path, int index)
    {
        var last = path.Length - 1;
        var (_, zero, one, _) = path[index];
        var next = path[last].Weight;
        for (var i = last - 1; i >= 0; i--)
        {
            if (one == 0)
            {
                path[i].Weight = path[i].Weight * (last + 1) / (zero * (last - i));
                continue;
            }
            var weight = path[i].Weight;
            path[i].Weight = next * (last + 1) / ((i + 1) * one);
            next = weight - (path[i].Weight * zero * (last - i) / (last + 1));
        }
        for (var i = index; i < last; i++) path[i] = path[i + 1] with { Weight = path[i].Weight };
    }

    /// <summary>The weights that would be left if a step were taken out.</summary>
    public static double SumWithout(ReadOnlySpan<Step> path, int index)
    {
        var last = path.Length - 1;
        var (_, zero, one, _) = path[index];
        var next = path[last].Weight;
        var sum = 0.0;
        for (var i = last - 1; i >= 0; i--)
        {
            if (one == 0)
            {
                sum += path[i].Weight * (last + 1) / (zero * (last - i));
                continue;
            }
            var weight = next * (last + 1) / ((i + 1) * one);
            sum += weight;
            next = path[i].Weight - (weight * zero * (last - i) / (last + 1));
        }
        return sum;
    }
}
