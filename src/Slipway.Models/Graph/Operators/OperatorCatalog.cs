using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>The operators that the engine knows, by domain, name and the versions of the operator set that brought or changed them.</summary>
internal sealed partial class OperatorCatalog
{
    /// <summary>The newest operator set of ai.onnx that is known here, and of ai.onnx.ml.</summary>
    public const int NewestOnnx = 27, NewestMl = 5;

    private readonly Dictionary<(string Domain, string Name), List<Entry>> _entries = [];

    public static OperatorCatalog Default { get; } = CreateDefault();

    /// <summary>Adds an operator of ai.onnx. Inputs up to <paramref name="minInputs"/> must be given; a node with more inputs or outputs is refused before its factory is called.</summary>
    /// <param name="since">The first version of the operator set with this behaviour; it holds until another entry of the name.</param>
    public void Add(string name, int since, int minInputs, int maxInputs, int maxOutputs, Func<NodeInfo, Operator> create) => Add("", name, since, minInputs, maxInputs, maxOutputs, create);

    /// <inheritdoc cref="Add(string, int, int, int, int, Func{NodeInfo, Operator})"/>
    public void Add(string domain, string name, int since, int minInputs, int maxInputs, int maxOutputs, Func<NodeInfo, Operator> create)
    {
        if (!_entries.TryGetValue((domain, name), out var versions)) _entries[(domain, name)] = versions = [];
        versions.Add(new Entry(since, minInputs, maxInputs, maxOutputs, create));
        versions.Sort((a, b) => b.Since.CompareTo(a.Since));
    }

    /// <summary>All operators by domain ("" is ai.onnx) and name.</summary>
    public IEnumerable<(string Domain, string Name)> Operators => _entries.Keys;

    public bool Knows(string domain, string name, int version) => Find(domain, name, version) is not null;

    public bool KnowsAnyVersion(string domain, string name) => _entries.ContainsKey((domain, name));

    /// <exception cref="ModelException">The operator is not known in this version, or the node does not fit it.</exception>
    public Operator Create(NodeInfo node)
    {
        var definition = node.Definition;
        var entry = Find(definition.Domain, definition.Operator, node.Version)
            ?? throw node.Unsupported(KnowsAnyVersion(definition.Domain, definition.Operator)
                ? $"{definition.Qualified} is not there in version {node.Version} of its operator set"
                : $"operator {definition.Qualified} is not known");
        if (node.InputCount > entry.MaxInputs) throw node.Wrong($"{node.InputCount} inputs are given, at most {entry.MaxInputs} are expected");
        if (node.OutputCount > entry.MaxOutputs) throw node.Wrong($"{node.OutputCount} outputs are wanted, there are at most {entry.MaxOutputs}");
        for (var i = 0; i < entry.MinInputs; i++)
        {
            if (!node.HasInput(i)) throw node.Wrong($"input {i} is missing");
        }
        return entry.Create(node);
    }

    private Entry? Find(string domain, string name, int version)
    {
        if (!_entries.TryGetValue((domain, name), out var versions)) return null;
        foreach (var entry in versions)
        {
            if (entry.Since <= version) return entry;
        }
        return null;
    }

    private sealed record Entry(int Since, int MinInputs, int MaxInputs, int MaxOutputs, Func<NodeInfo, Operator> Create);
}
