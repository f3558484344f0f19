using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Formats.H2O;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Formats.ScikitLearn;
using Slipway.Models.Formats.Treelite;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Trees;

/// <summary>Runs gradient-boosted trees, random forests and linear boosters in managed code.</summary>
public sealed class TreesRuntime : IRuntime
{
    private const int TopFeatures = 20;

    private static readonly ITreeFormat[] Formats =
    [
        XGBoostFormat.Json, XGBoostFormat.Ubj, new XGBoostBinaryFormat(), LightGbmFormat.Text, LightGbmFormat.Json, CatBoostFormat.Binary, CatBoostFormat.Json,
        new H2OMojoFormat(), new TreeliteFormat(), new SklearnJsonFormat(), new SklearnPickleFormat(),
    ];

    public string Name => "trees";

    IReadOnlyList<string> IRuntime.Formats { get; } = [.. Formats.Select(f => f.Name)];

    public bool CanOpen(string fileName, ReadOnlySpan<byte> head) => FormatOf(fileName, head) is not null;

    public ModelDescription Describe(string path)
    {
        var (format, definition, size) = ReadFormat(path);
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        facts.AddRange(definition.Facts);
        if (definition.Trees is { } trees) AddFacts(facts, trees, definition.FeatureNames);
        facts.Add(new("size", $"{size.ToString(CultureInfo.InvariantCulture)} bytes"));
        return new ModelDescription(format, Name, definition.Signature, facts.ToImmutable(), definition.Unsupported);
    }

    public IModel Open(string path, RuntimeOptions options) => Open(path, options, KernelKind.Automatic);

    internal static IModel Open(string path, RuntimeOptions options, KernelKind kernel)
    {
        var definition = Read(path);
        if (!definition.Unsupported.IsEmpty) throw new ModelException($"{Path.GetFileName(path)}: {string.Join("; ", definition.Unsupported)}");
        return TreesModel.Compile(definition, options, kernel);
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

    private static (string Format, TreeModelDefinition Definition, long Size) ReadFormat(string path)
    {
        var bytes = ReadFile(path);
        var name = Path.GetFileName(path);
        var format = FormatOf(name, bytes.AsSpan(0, Math.Min(bytes.Length, 4096)))
            ?? throw new ModelException($"{name}: not a model the trees runtime reads ({string.Join(", ", Formats.Select(f => f.Name))})");
        try
        {
            return (format.Name, format.Read(bytes), bytes.Length);
        }
        catch (ModelException e)
        {
            throw new ModelException($"{name}: {e.Message}", e);
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static void AddFacts(ImmutableArray<KeyValuePair<string, string>>.Builder facts, TreeEnsemble trees, ImmutableArray<string> columns)
    {
        var splits = new Dictionary<int, (int Count, double Gain)>();
        var leaves = 0;
        var categorical = new HashSet<int>();
        for (var node = 0; node < trees.NodeCount; node++)
        {
            if (trees.IsLeaf(node))
            {
                leaves++;
                continue;
            }
            var (count, gain) = splits.GetValueOrDefault(trees.Features[node]);
            splits[trees.Features[node]] = (count + 1, gain + (trees.Gains.IsEmpty ? 0 : trees.Gains[node]));
            if (trees.CategorySets[node] >= 0) categorical.Add(trees.Features[node]);
        }
        var hasGains = splits.Values.Any(s => s.Gain != 0);
        Add("trees", trees.TreeCount);
        Add("max depth", trees.MaxDepth);
        Add("nodes", trees.NodeCount);
        Add("leaves", leaves);
        Add("features used", splits.Count);
        if (categorical.Count > 0) facts.Add(new("features split by category", string.Join(", ", categorical.Order().Select(NameOf))));
        foreach (var (feature, (count, gain)) in splits.OrderByDescending(s => s.Value.Count).ThenBy(s => s.Key).Take(TopFeatures))
        {
            var gained = !hasGains ? "" : string.Create(CultureInfo.InvariantCulture, $", gain {gain:G6}");
            facts.Add(new($"splits on {NameOf(feature)}", string.Create(CultureInfo.InvariantCulture, $"{count}{gained}")));
        }
        if (splits.Count > TopFeatures) facts.Add(new("splits on the others", splits.Values.OrderByDescending(s => s.Count).Skip(TopFeatures).Sum(s => s.Count).ToString(CultureInfo.InvariantCulture)));

        void Add(string name, int value) => facts.Add(new(name, value.ToString(CultureInfo.InvariantCulture)));

        string NameOf(int feature) => feature < columns.Length ? columns[feature] : $"f{feature}";
    }
}
