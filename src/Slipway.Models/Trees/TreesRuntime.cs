using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Formats.H2O;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Formats.OnnxMl;
using Slipway.Models.Formats.ScikitLearn;
using Slipway.Models.Formats.Treelite;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Trees;

/// <summary>Runs gradient-boosted trees, random forests and linear boosters in managed code.</summary>
public sealed class TreesRuntime : IRuntime
{
    /// <summary>Bytes of a file by which its format is recognised.</summary>
    private const int HeadLength = 4096;

    private static readonly ITreeFormat[] Formats =
    [
        XGBoostFormat.Json, XGBoostFormat.Ubj, new XGBoostBinaryFormat(), LightGbmFormat.Text, LightGbmFormat.Json, CatBoostFormat.Binary, CatBoostFormat.Json,
        new H2OMojoFormat(), new H2OFolderFormat(), new TreeliteFormat(), new SklearnJsonFormat(), new SklearnPickleFormat(), new OnnxMlFormat(),
    ];

    public string Name => "trees";

    IReadOnlyList<string> IRuntime.Formats { get; } = [.. Formats.Select(f => f.Name)];

    public bool CanOpen(string fileName, ReadOnlySpan<byte> head) => FormatOf(fileName, head) is not null;

    public bool Accepts(string path) => FormatOf(path)?.Accepts(path) ?? false;

    public ModelDescription Describe(string path)
    {
        var (format, definition, size) = ReadFormat(path);
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        facts.AddRange(definition.Facts);
        var splits = definition.Trees is null ? [] : SplitsOf(definition.Trees, definition.FeatureNames);
        if (definition.Trees is { } trees) AddFacts(facts, trees, splits.Length);
        if (size is { } bytes) facts.Add(new("size", string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")));
        return new ModelDescription(format, Name, definition.Signature, facts.ToImmutable(), definition.Unsupported) { Splits = splits };
    }

    public IModel Open(string path, RuntimeOptions options)
    {
        options.RequireExactMath(Path.GetFileName(path), Name);
        return Open(path, options, KernelKind.Automatic);
    }

    internal static IModel Open(string path, RuntimeOptions options, KernelKind kernel)
    {
        var definition = ReadFormat(path, forScores: options.Output is OutputKind.Prediction or OutputKind.Margin).Definition;
        if (!definition.Unsupported.IsEmpty) throw new ModelException($"{Path.GetFileName(path)}: {string.Join("; ", definition.Unsupported)}");
        try
        {
            return TreesModel.Compile(definition, options, kernel);
        }
        catch (ModelException e)
        {
            throw new ModelException($"{Path.GetFileName(path)}: {e.Message}", e);
        }
    }

    /// <summary>What the file says, before anything is compiled of it.</summary>
    /// <exception cref="ModelException">It cannot be read, or is damaged.</exception>
    internal static TreeModelDefinition Read(string path) => ReadFormat(path).Definition;

    private static ITreeFormat? FormatOf(string fileName, ReadOnlySpan<byte> head)
    {
        foreach (var format in Formats)
        {
            if (format.Matches(fileName, head)) return format;
        }
        return null;
    }

    private static ITreeFormat? FormatOf(string path)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        try
        {
            using var file = File.OpenHandle(path);
            return FormatOf(Path.GetFileName(path), head[..RandomAccess.Read(file, head, 0)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static (string Format, TreeModelDefinition Definition, long? Size) ReadFormat(string path, bool forScores = false)
    {
        var name = Path.GetFileName(path);
        var format = FormatOf(path) ?? throw new ModelException($"{name}: not a model the trees runtime reads ({string.Join(", ", Formats.Select(f => f.Name))})");
        try
        {
            if (format.ReadInPlace(path, forScores) is { } read) return (format.Name, read, format.IsOneFile ? new FileInfo(path).Length : null);
            var bytes = File.ReadAllBytes(path);
            return (format.Name, forScores ? format.ReadForScores(bytes) : format.Read(bytes), bytes.Length);
        }
        catch (ModelException e)
        {
            throw new ModelException($"{name}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static void AddFacts(ImmutableArray<KeyValuePair<string, string>>.Builder facts, TreeEnsemble trees, int used)
    {
        Add("trees", trees.TreeCount);
        Add("max depth", trees.MaxDepth);
        Add("nodes", trees.NodeCount);
        Add("leaves", (trees.NodeCount + trees.TreeCount) / 2);
        Add("features used", used);

        void Add(string name, int value) => facts.Add(new(name, value.ToString(CultureInfo.InvariantCulture)));
    }

    private static ImmutableArray<FeatureSplits> SplitsOf(TreeEnsemble trees, ImmutableArray<string> names)
    {
        var counts = new Dictionary<int, (int Splits, int ByCategory, double Gain)>();
        // Levels count once for each of their nodes, which need not be laid out for that.
        var hasGains = trees.Symmetric is null && trees.Gains.AsSpan().ContainsAnyExcept(0);
        for (var tree = 0; tree < trees.Symmetric?.TreeCount; tree++)
        {
            for (var level = 0; level < trees.Symmetric.LevelsOf(tree); level++)
            {
                var split = trees.Symmetric.Levels[trees.Symmetric.Starts[tree] + level];
                Count(split.Feature, 1 << level, split.Set, 0);
            }
        }
        for (var node = 0; trees.Symmetric is null && node < trees.NodeCount; node++)
        {
            if (!trees.IsLeaf(node)) Count(trees.Features[node], 1, trees.CategorySets[node], hasGains ? trees.Gains[node] : 0);
        }
        return
        [
            .. counts.OrderByDescending(c => c.Value.Splits).ThenBy(c => c.Key).Select(c => new FeatureSplits(
                c.Key < names.Length ? names[c.Key] : string.Create(CultureInfo.InvariantCulture, $"f{c.Key}"), c.Value.Splits, c.Value.ByCategory, hasGains ? c.Value.Gain : null)),
        ];

        void Count(int feature, int nodes, int set, double gain)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, feature, out _);
            count = (count.Splits + nodes, count.ByCategory + (set < 0 ? 0 : nodes), count.Gain + gain);
        }
    }
}
