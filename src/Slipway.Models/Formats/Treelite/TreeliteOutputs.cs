using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.Treelite;

/// <summary>The margins of a row: the classes of the first target, then those of the next. Treelite pads every target to the most classes; here are none.</summary>
internal sealed class TreeliteOutputs
{
    private readonly int[] _starts;

    private TreeliteOutputs(int[] starts, int mostClasses) => (_starts, MostClasses) = (starts, mostClasses);

    public int Targets => _starts.Length - 1;

    public int MostClasses { get; }

    public int Count => _starts[^1];

    /// <exception cref="ModelException">There are no targets, or more classes than anything in the file answers.</exception>
    public static TreeliteOutputs Of(TreeliteDocument document)
    {
        var largest = (long)Math.Max(document.BaseScores.Length, document.Trees.Count);
        foreach (var tree in document.Trees) largest = Math.Max(largest, tree.LeafVectors.Length);
        var starts = new int[document.Classes.Length + 1];
        var most = 0;
        for (var t = 0; t < document.Classes.Length; t++)
        {
            var classes = document.Classes[t];
            if (classes <= 0 || classes > largest - starts[t]) throw new ModelException($"num_class of target {t} is {classes}, 1 to {largest - starts[t]} possible");
            starts[t + 1] = starts[t] + classes;
            most = Math.Max(most, classes);
        }
        return starts.Length > 1 ? new TreeliteOutputs(starts, most) : throw new ModelException("num_target is 0");
    }

    public int ClassesOf(int target) => _starts[target + 1] - _starts[target];

    public int Start(int target) => _starts[target];

    /// <summary>Names for several: <c>class_2</c> of a single target, <c>target_2</c> of numbers, else both.</summary>
    public ImmutableArray<string> Names()
    {
        var names = ImmutableArray.CreateBuilder<string>(Count);
        for (var t = 0; t < Targets; t++)
        {
            for (var c = 0; c < ClassesOf(t); c++)
            {
                names.Add(Targets == 1 ? string.Create(CultureInfo.InvariantCulture, $"class_{c}")
                    : MostClasses == 1 ? string.Create(CultureInfo.InvariantCulture, $"target_{t}")
                    : string.Create(CultureInfo.InvariantCulture, $"target_{t}_class_{c}"));
            }
        }
        return names.MoveToImmutable();
    }
}
