using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Bayes;

namespace Slipway.Models.Formats.Pmml.Models.BayesianNetwork;

/// <summary>A node while it is bound: what it depends on is known when its expressions are.</summary>
internal sealed class NodeBinding
{
    private const int MaxCombinations = 1 << 20;
    private const int MaxCells = 1 << 24;

    private readonly ModelScope _scope;
    private readonly List<RowDistribution> _distributions = [];
    private ImmutableArray<double> _values = [];
    private double[] _logs = [];
    private ParentTable _table = null!;

    public NodeBinding(NodeElement element, ModelScope scope)
    {
        Element = element;
        _scope = scope;
        Target = scope.Targets.FirstOrDefault(t => t.Name == element.Name);
        var known = Target is null && scope.Header.MiningSchema.Any(f => f.Name == element.Name && f.Usage != UsageType.Target);
        var input = known ? scope.Fields.Resolve(element.Name, element.Place) : null;
        var format = input?.Format ?? Target?.Format ?? (element.IsDiscrete ? CellFormat.Text : CellFormat.Float64);
        if (!element.IsDiscrete && !format.Type.IsNumeric) throw element.Place.Fault($"the node '{element.Name}' is continuous, its field is of type {format.Name}");
        Evidence = input?.Value;
        Slot = scope.Program.Slot();
        Field = new BoundField(element.Name, new SlotExpression(format.Type, Slot), input?.OpType ?? OpTypes.Of(format.Type), format, []);
    }

    public NodeElement Element { get; }

    /// <summary>Null when the node is not asked for.</summary>
    public BoundTarget? Target { get; }

    /// <summary>The node as others see it.</summary>
    public BoundField Field { get; }

    /// <summary>The nodes that its distributions mention.</summary>
    public HashSet<string> Parents { get; } = new(StringComparer.Ordinal);

    /// <summary>A discrete node's values.</summary>
    public ImmutableArray<double> Values => _values;

    private RowExpression? Evidence { get; }

    private int Slot { get; }

    public void Bind(IEnumerable<NodeBinding> network)
    {
        var fields = _scope.Fields.Nested();
        foreach (var node in network)
        {
            fields.DeclareUnlessKnown(node.Element.Name, () =>
            {
                Parents.Add(node.Element.Name);
                return node.Field;
            });
        }
        foreach (var derived in Element.Derived)
        {
            // Unlike other derived fields these are not kept for the row: while the network is enumerated they change.
            var value = derived.Format is null ? derived.Definition.Bind(fields) : derived.Definition.BindAs(derived.Format, fields);
            fields.Declare(new BoundField(derived.Name, value, derived.OpType ?? OpTypes.Of(value.Type), derived.Format ?? DataType.Of(value.Type), []));
        }
        _table = BindTable(fields);
        if (Element.IsDiscrete) BindProbabilities();
        foreach (var c in Element.Cases)
        {
            if (c.Distribution is not { } d) continue;
            _distributions.Add(new RowDistribution(d.Kind, Number(d.First, fields), Number(d.Second, fields), d.Third is null ? null : Number(d.Third, fields)));
        }
    }

    public NetworkNode Node(ImmutableArray<int> parents) => Element.IsDiscrete
        ? new DiscreteNode(Element.Name, Slot, Evidence, parents, _values, _table, _logs)
        : new ContinuousNode(Element.Name, Slot, Evidence, parents, _table, [.. _distributions]);

    private static RowExpression Number(Expression expression, Scope fields) => expression.BindAs(CellFormat.Float64, fields);

    private ParentTable BindTable(Scope fields)
    {
        var names = Element.Cases[0].Parents.Select(p => p.Parent).ToArray();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (place, name) in names.Index())
        {
            if (!places.TryAdd(name, place)) throw Element.Cases[0].Place.Fault($"the parent '{name}' is there twice");
        }
        var parents = names.Select(n => fields.Resolve(n, Element.Place)).ToImmutableArray();
        var digits = parents.Select(_ => new Dictionary<double, int>()).ToArray();
        var cases = new int[Element.Cases.Length][];
        for (var c = 0; c < cases.Length; c++)
        {
            var (place, values) = (Element.Cases[c].Place, Element.Cases[c].Parents);
            if (values.Length != names.Length) throw place.Fault($"{values.Length} parents have a value here, {names.Length} in the first case of the node '{Element.Name}'");
            cases[c] = new int[names.Length];
            foreach (var value in values)
            {
                if (!places.TryGetValue(value.Parent, out var parent)) throw value.Place.Fault($"'{value.Parent}' is not a parent in the first case of the node '{Element.Name}'");
                var cell = PredicateConstant.Parse(value.Value, parents[parent], fields, value.Place);
                digits[parent].TryAdd(cell, digits[parent].Count);
                cases[c][parent] = digits[parent][cell];
            }
        }
        var strides = new int[names.Length];
        long size = 1;
        for (var i = 0; i < names.Length; i++)
        {
            strides[i] = (int)size;
            size *= digits[i].Count;
            if (size > MaxCombinations) throw Element.Place.Fault($"the parents of the node '{Element.Name}' have more than {MaxCombinations} combinations of values");
        }
        var rows = new int[size];
        rows.AsSpan().Fill(-1);
        for (var c = cases.Length - 1; c >= 0; c--)
        {
            var index = 0;
            for (var i = 0; i < strides.Length; i++) index += cases[c][i] * strides[i];
            rows[index] = c;
        }
        return new ParentTable([.. parents.Select(p => p.Value)], [.. digits.Select(d => new CellMap([.. d.Select(v => KeyValuePair.Create(v.Key, (double)v.Value))]))], [.. strides], rows);
    }

    private void BindProbabilities()
    {
        var indices = new Dictionary<double, int>();
        var values = ImmutableArray.CreateBuilder<double>();
        foreach (var probability in Element.Cases.SelectMany(c => c.Probabilities))
        {
            var cell = PredicateConstant.Parse(probability.Value, Field, _scope.Fields, probability.Place);
            if (indices.TryAdd(cell, values.Count)) values.Add(cell);
        }
        _values = values.DrainToImmutable();
        if ((long)Element.Cases.Length * _values.Length > MaxCells) throw Element.Place.Unsupported($"a node of {_values.Length} values in {Element.Cases.Length} cases, more than {MaxCells} together,");
        _logs = new double[Element.Cases.Length * _values.Length];
        _logs.AsSpan().Fill(double.NegativeInfinity);
        for (var c = 0; c < Element.Cases.Length; c++)
        {
            foreach (var probability in Element.Cases[c].Probabilities)
            {
                var value = indices[PredicateConstant.Parse(probability.Value, Field, _scope.Fields, probability.Place)];
                _logs[(c * _values.Length) + value] = Math.Log(probability.Probability);
            }
        }
    }
}
