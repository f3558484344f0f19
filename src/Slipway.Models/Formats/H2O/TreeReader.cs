using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.H2O;

/// <summary>The trees of GBM, random forest and isolation forest, and what H2O makes of their sums.</summary>
internal static class TreeReader
{
    private const double NewestVersion = 1.4;

    /// <summary>Bytes of an archive that a node takes at least, in all but the most regular trees.</summary>
    private const int MinPackedNode = 4;
    private const int MaxExpected = 1 << 28;

    public static MojoModel Gbm(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var distribution = info.TextOrNull("distribution") ?? "gaussian";
        var initial = info.Double("init_f");
        var model = new MojoModel(header) { Facts = [new("objective", distribution), new("base score", initial.ToString(CultureInfo.InvariantCulture))] };
        if (GbmPredictions.For(info, header, distribution) is not { } function) return model with { Unsupported = [$"distribution '{distribution}' is not known"] };
        return WithTrees(archive, info, Calibration.Add(info, model with { Function = function, ScaleAndBias = function.Margins == 1 ? new ScaleAndBias(1, [initial]) : null }));
    }

    public static MojoModel Drf(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var doubleTrees = info.Bool("binomial_double_trees", false);
        var function = new ForestPredictions(header, info.Int("n_trees"), header.Classes.Length == 2 && !doubleTrees);
        return WithTrees(archive, info, Calibration.Add(info, new MojoModel(header) { Function = function }));
    }

    public static MojoModel Uplift(MojoArchive archive, MojoInfo info, MojoHeader header) =>
        WithTrees(archive, info, new MojoModel(header)
        {
            Function = new UpliftPredictions(info.Int("n_trees")),
            Predictions = ["uplift_predict", "p_y1_with_treatment", "p_y1_without_treatment"],
        });

    public static MojoModel IsolationForest(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var flag = info.Bool("output_anomaly_flag", false);
        var function = new IsolationForestPredictions(info.Int("n_trees"), info.Int("min_path_length", 0), info.Int("max_path_length", 0), flag ? header.Threshold : double.NaN);
        return WithTrees(archive, info, new MojoModel(header)
        {
            Function = function,
            Predictions = flag ? ["predict", "score", "mean_length"] : ["predict", "mean_length"],
        });
    }

    private static MojoModel WithTrees(MojoArchive archive, MojoInfo info, MojoModel model)
    {
        var header = model.Header;
        if (header.Version > NewestVersion) return model with { Unsupported = [Invariant($"mojo_version {header.Version:0.00} is newer than {NewestVersion:0.00}, the last that is known for trees")] };
        if (info.TextOrNull("_genmodel_encoding") is { } encoding and not ("AUTO" or "Enum" or "SortByResponse" or "OneHotInternal"))
        {
            return model with { Unsupported = [$"_genmodel_encoding: columns encoded as {encoding} outside of the model"] };
        }
        var margins = ((MojoPredictions)model.Function!).Margins;
        var trees = Read(archive, info, header, Math.Max(margins, header.Classes.Length), out var treesPerRound);
        if (trees.OutputCount != margins) throw new ModelException($"{header.Algorithm} of category {header.Category}: trees for {trees.OutputCount} outputs a row, {margins} expected");
        return model with { Trees = trees, TreesPerRound = treesPerRound };
    }

    private static TreeEnsemble Read(MojoArchive archive, MojoInfo info, MojoHeader header, int classes, out int treesPerRound)
    {
        var outputs = info.Int("n_trees_per_class", classes == 2 && !info.Bool("binomial_double_trees", false) ? 1 : classes);
        if (outputs < 1 || outputs > classes) throw info.Fault("n_trees_per_class", $"1 to {classes}");
        var groups = info.Int("n_trees");
        if (groups < 1) throw info.Fault("n_trees", "at least 1");
        var files = Files(archive, info, groups, outputs);
        var builder = new TreeEnsembleBuilder(header.RowColumns.Length, outputs).ForScores(!archive.HasStatistics).Expect(ExpectedNodes(archive, files));
        var scratch = new CompressedTree.Scratch();
        byte[] tree = [], statistics = [];
        foreach (var file in files)
        {
            var bytes = archive.Read($"trees/{file.Name}.bin", ref tree);
            var more = archive.HasStatistics && archive.Contains($"trees/{file.Name}_aux.bin") ? archive.Read($"trees/{file.Name}_aux.bin", ref statistics) : default;
            builder.BeginTree(CompressedTree.MaxNodes(bytes, more), file.Output);
            CompressedTree.Read(builder, header, scratch, archive.PathOf($"trees/{file.Name}.bin"), bytes, more);
            builder.EndTree();
        }
        if (header.Offset >= 0)
        {
            // The offset is added to the sum of the leaves like one more tree.
            builder.BeginTree(1).LinearLeaf(0, 0, [header.Offset], [1], fallback: 0, id: 0).EndTree();
        }
        // Without a tree for each class in each group, or with an offset, the first rounds cannot be told from the rest.
        treesPerRound = files.Count == groups * (long)outputs && header.Offset < 0 ? outputs : files.Count + 1;
        return builder.Build();
    }

    /// <summary>As many as the entries' lengths tell, if they are true: no more than could be packed into a file of this size.</summary>
    private static int ExpectedNodes(MojoArchive archive, List<TreeFile> files)
    {
        var nodes = 0L;
        foreach (var file in files) nodes += CompressedTree.ExpectedNodes(archive.LengthOf($"trees/{file.Name}.bin"), archive.LengthOf($"trees/{file.Name}_aux.bin"));
        return (int)Math.Min(Math.Min(nodes, archive.StoredLength / MinPackedNode), MaxExpected);
    }

    /// <summary>The trees in the order they are added: group by group, class by class. A class without a tree in a group is left out.</summary>
    private static List<TreeFile> Files(MojoArchive archive, MojoInfo info, int groups, int outputs)
    {
        var files = new List<TreeFile>();
        foreach (var entry in archive.NamesIn("trees/"))
        {
            if (TreeFile.Parse(entry) is { } file) files.Add(file);
        }
        files.Sort();
        var next = 0;
        foreach (var file in files)
        {
            if (file.Group > next) break;
            if (file.Output >= outputs) throw new ModelException($"{archive.PathOf($"trees/{file.Name}.bin")}: a tree of class {file.Output}, but trees are for {outputs}");
            if (file.Group == next) next++;
        }
        if (next < groups) throw new ModelException($"n_trees is {groups}, but there is no tree {next} in {archive.PathOf("trees/")}");
        if (files[^1].Group >= groups) throw info.Fault("n_trees", $"{files[^1].Group + 1}, as there are trees,");
        return files;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary><c>t01_002.bin</c> is the tree of class 1 in group 2.</summary>
    private readonly record struct TreeFile(int Group, int Output, string Name) : IComparable<TreeFile>
    {
        public static TreeFile? Parse(string entry)
        {
            if (!entry.StartsWith('t') || !entry.EndsWith(".bin", StringComparison.Ordinal)) return null;
            var name = entry.AsSpan()[..^".bin".Length];
            var line = name.IndexOf('_');
            return line > 0
                && int.TryParse(name[1..line], NumberStyles.None, CultureInfo.InvariantCulture, out var output)
                && int.TryParse(name[(line + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var group)
                ? new TreeFile(group, output, name.ToString()) : null;
        }

        public int CompareTo(TreeFile other) => Group != other.Group ? Group.CompareTo(other.Group) : Output.CompareTo(other.Output);
    }
}
