using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Resolves the names of a model (stage <i>bind</i>): every fault of the graph is reported here, with the node it is at.</summary>
internal sealed class GraphBinder
{
    /// <summary>Constants of more elements than this are left for the optimiser to compute.</summary>
    private const int FoldLimit = 4096;

    /// <summary>Bodies in bodies: those of the file, and those that functions bring.</summary>
    private const int MaxDepth = 66;

    private readonly ModelDefinition _model;
    private readonly OperatorCatalog _catalog;
    private readonly FunctionInliner _functions;
    private readonly GraphOptions _options;

    private GraphBinder(ModelDefinition model, GraphOptions options, OperatorCatalog catalog)
    {
        (_model, _options, _catalog) = (model, options, catalog);
        _functions = new FunctionInliner(model);
        Symbols = new SymbolSource(-model.Symbols.Length);
    }

    public SymbolSource Symbols { get; }

    /// <exception cref="ModelException">The graph is wrong, or (<see cref="ModelException.IsUnsupported"/>) asks for operators that are not there: all of them are listed.</exception>
    public static (BoundGraph Graph, SymbolSource Symbols) Bind(ModelDefinition model, GraphOptions options, OperatorCatalog? catalog = null)
    {
        var binder = new GraphBinder(model, options, catalog ?? OperatorCatalog.Default);
        var unsupported = binder.Unsupported();
        if (unsupported.Count > 0) throw new ModelException(string.Join("; ", unsupported)) { IsUnsupported = true };
        return (binder.Bind(model.Graph, null, model.OperatorSets), binder.Symbols);
    }

    /// <summary>What the model asks for and is not there, each with the first node that does; empty when it can be bound.</summary>
    public static IReadOnlyList<string> Unsupported(ModelDefinition model, OperatorCatalog? catalog = null) => new GraphBinder(model, GraphOptions.Default, catalog ?? OperatorCatalog.Default).Unsupported();

    private List<string> Unsupported()
    {
        var missing = new Dictionary<string, (NodeDefinition First, int Count)>(StringComparer.Ordinal);
        var functions = new FunctionInliner(_model);
        Collect(functions.Inline(_model.Graph.Nodes), functions, missing, 0);
        return [.. missing.Select(m => m.Value.Count == 1 ? $"{m.Key} (at {m.Value.First})" : $"{m.Key} (at {m.Value.First} and {m.Value.Count - 1} more)")];
    }

    private void Collect(List<ScopedNode> nodes, FunctionInliner functions, Dictionary<string, (NodeDefinition First, int Count)> missing, int depth)
    {
        foreach (var (node, sets) in nodes)
        {
            var version = sets.TryGetValue(node.Domain, out var found) ? found : node.Domain.Length == 0 ? 1 : 0;
            var reason = Refusal(node, version);
            if (reason is not null) missing[reason] = missing.TryGetValue(reason, out var known) ? (known.First, known.Count + 1) : (node, 1);
            foreach (var attribute in node.Attributes)
            {
                if (attribute.Value is not GraphDefinition body) continue;
                if (depth == MaxDepth) throw new ModelException($"{node}: bodies are more than {MaxDepth} deep");
                Collect(functions.Inline(body.Nodes, sets), functions, missing, depth + 1);
            }
        }
    }

    private string? Refusal(NodeDefinition node, long version)
    {
        if (node.Domain is "ai.onnx.training" or "ai.onnx.preview.training") return $"{node.Qualified} trains a model: only inference runs here";
        var newest = node.Domain switch { "" => OperatorCatalog.NewestOnnx, "ai.onnx.ml" => OperatorCatalog.NewestMl, _ => int.MaxValue };
        if (version > newest && _catalog.KnowsAnyVersion(node.Domain, node.Operator)) return $"version {version} of the operators of {(node.Domain.Length == 0 ? "ai.onnx" : node.Domain)} is newer than what is known here ({newest})";
        if (_catalog.Knows(node.Domain, node.Operator, (int)Math.Clamp(version, 0, int.MaxValue))) return null;
        return _catalog.KnowsAnyVersion(node.Domain, node.Operator)
            ? $"operator {node.Qualified} is not there in version {version} of its set"
            : $"operator {node.Qualified} (version {version}) is not known";
    }

    private BoundGraph Bind(GraphDefinition graph, Scope? outer, IReadOnlyDictionary<string, long> operatorSets)
    {
        var scope = new Scope(outer);
        foreach (var initializer in graph.Initializers) scope.Define(initializer.Name, new BoundValue(initializer.Name, initializer.Tensor.Type, initializer.Tensor));
        foreach (var input in graph.Inputs)
        {
            // A default for an input is taken as its value.
            if (scope.IsDefined(input.Name)) continue;
            scope.Inputs.Add(scope.Define(input.Name, new BoundValue(input.Name, _options.Fix(input.Name, input.Type, _model.Symbols), Declared: input.Type)));
        }
        var declared = graph.Values.Concat(graph.Outputs).Where(v => v.Type is not null).GroupBy(v => v.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Type, StringComparer.Ordinal);
        foreach (var node in NodeOrder.Sort(_functions.Inline(graph.Nodes, operatorSets))) BindNode(node, scope, declared);
        var outputs = graph.Outputs.Select(o => scope.Find(o.Name) is var id and >= 0 ? id : throw new ModelException($"output '{o.Name}' is made by no node")).ToImmutableArray();
        if (outer is null && outputs.IsEmpty) throw new ModelException("the graph has no outputs");
        var bound = new BoundGraph(graph.Name, [.. scope.Values], [.. scope.Nodes], [.. scope.Inputs, .. scope.Captured.Select(c => c.Inner)], outputs, [.. scope.Captured.Select(c => c.Outer)]);
        return Infer(bound);
    }

    /// <summary>The graph with all types that can be known before it runs, and small constants computed.</summary>
    private BoundGraph Infer(BoundGraph graph)
    {
        var inference = new GraphInference(graph, Symbols, FoldLimit);
        inference.Run();
        return graph with { Values = [.. graph.Values.Select((v, i) => v with { Type = inference.Types[i], Constant = inference.Constants[i] })] };
    }

    private void BindNode(ScopedNode scoped, Scope scope, Dictionary<string, GraphType?> declared)
    {
        var (definition, sets) = scoped;
        var version = (int)Math.Clamp(sets.TryGetValue(definition.Domain, out var found) ? found : 1, 0, int.MaxValue);
        var captures = new List<int>();
        var inputs = ImmutableArray.CreateBuilder<int>();
        foreach (var name in definition.Inputs)
        {
            if (name.Length == 0) inputs.Add(-1);
            else if (scope.Find(name) is var id and >= 0) inputs.Add(id);
            else throw new ModelException($"{definition}: input '{name}' is made by no node");
        }
        var info = new NodeInfo(definition, version, body =>
        {
            var bound = Bind(body, scope, sets);
            var first = definition.Inputs.Length + captures.Count;
            captures.AddRange(bound.Captures);
            if (_options.Optimise) bound = GraphOptimiser.Optimise(bound, Symbols);
            return new BoundSubgraph(GraphPreparation.Prepare(bound, isBody: true), first, Symbols, _options);
        });
        Operator @operator;
        try
        {
            @operator = _catalog.Create(info);
        }
        catch (Exception e) when (e is RecordException or ArgumentException or OverflowException or InvalidCastException or FormatException)
        {
            throw info.Wrong(e.Message);
        }
        inputs.AddRange(captures);
        var outputs = ImmutableArray.CreateBuilder<int>();
        foreach (var name in definition.Outputs)
        {
            outputs.Add(name.Length == 0 ? -1 : scope.Define(name, new BoundValue(name, Declared: declared.GetValueOrDefault(name))));
        }
        scope.Nodes.Add(new BoundNode(info.Bound(), @operator, inputs.ToImmutable(), outputs.ToImmutable()));
    }

    /// <summary>The names of one graph; what is not found here is captured from the graph around it.</summary>
    private sealed class Scope(Scope? outer)
    {
        private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

        public List<BoundValue> Values { get; } = [];

        public List<BoundNode> Nodes { get; } = [];

        public List<int> Inputs { get; } = [];

        public List<(int Outer, int Inner)> Captured { get; } = [];

        public bool IsDefined(string name) => _names.ContainsKey(name);

        public int Define(string name, BoundValue value)
        {
            if (!_names.TryAdd(name, Values.Count)) throw new ModelException($"'{name}' is defined twice");
            Values.Add(value);
            return Values.Count - 1;
        }

        public int Find(string name)
        {
            if (_names.TryGetValue(name, out var id)) return id;
            var outerId = outer?.Find(name) ?? -1;
            if (outerId < 0) return -1;
            var value = outer!.Values[outerId];
            id = Define(name, value.Constant is not null ? value : new BoundValue(name, Declared: value.Type ?? value.Declared));
            if (value.Constant is null) Captured.Add((outerId, id));
            return id;
        }
    }
}
