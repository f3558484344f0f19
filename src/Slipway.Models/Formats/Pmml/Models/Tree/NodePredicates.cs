using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Trees;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>Binds the predicates of tree nodes: every field once, and the simple ones without an object each.</summary>
internal sealed class NodePredicates(TreeNodes nodes, Scope scope)
{
    private readonly BoundField?[] _fields = new BoundField?[nodes.Names.Length];
    private readonly ImmutableArray<double>[] _sets = new ImmutableArray<double>[nodes.SetStarts.Length];

    /// <summary>By name, its cell in sets of a field, and which field: most names are values of one.</summary>
    private readonly double[] _members = new double[nodes.SetMembers.Length == 0 ? 0 : nodes.Names.Length];
    private readonly BoundField?[] _membersField = new BoundField?[nodes.SetMembers.Length == 0 ? 0 : nodes.Names.Length];

    /// <summary>The way into a node's predicate; see <see cref="TreeProgramBuilder"/>.</summary>
    public int Compile(int node, TreeProgramBuilder builder, int whenTrue, int whenFalse, int whenUnknown, int level)
    {
        var predicate = nodes[node].Predicate;
        switch (predicate)
        {
            case NodePredicate.True:
                return whenTrue;
            case NodePredicate.False:
                return whenFalse;
            case NodePredicate.Compound:
                return builder.Add(nodes.Compounds[nodes[node].Operand].Bind(scope), whenTrue, whenFalse, whenUnknown, level);
        }
        var field = Field(node);
        switch (predicate)
        {
            case NodePredicate.IsMissing:
                return builder.IsMissing(field.Value, whenTrue, whenFalse);
            case NodePredicate.IsNotMissing:
                return builder.IsMissing(field.Value, whenFalse, whenTrue);
            case NodePredicate.IsIn or NodePredicate.IsNotIn:
                return builder.Contains(field.Value, Set(node, field), predicate == NodePredicate.IsIn, whenTrue, whenFalse, whenUnknown);
            default:
                return ComparesNumbers(predicate, field)
                    ? builder.Compare(field.Value, (Comparison)predicate, Constant(node, field), whenTrue, whenFalse, whenUnknown)
                    : builder.Add(Simple(node, predicate).Bind(scope), whenTrue, whenFalse, whenUnknown, level);
        }
    }

    /// <summary>A node's predicate as an object.</summary>
    public RowPredicate Bind(int node)
    {
        var predicate = nodes[node].Predicate;
        switch (predicate)
        {
            case NodePredicate.True:
                return ConstantPredicate.True;
            case NodePredicate.False:
                return ConstantPredicate.False;
            case NodePredicate.Compound:
                return nodes.Compounds[nodes[node].Operand].Bind(scope);
            case NodePredicate.IsIn or NodePredicate.IsNotIn:
                var field = Field(node);
                return new SetPredicate(field.Value, Set(node, field), predicate == NodePredicate.IsIn);
            default:
                return Simple(node, predicate).Bind(scope);
        }
    }

    /// <summary>Texts and ordinal values are compared by their place in a list, unless for equality.</summary>
    private static bool ComparesNumbers(NodePredicate predicate, BoundField field) =>
        predicate <= NodePredicate.NotEqual || (field.OpType != OpType.Ordinal && field.Type != CellType.Text);

    private SimplePredicate Simple(int node, NodePredicate predicate) => new(
        nodes.Place(node), nodes.Names[nodes[node].Field], (SimpleOperator)predicate,
        predicate < NodePredicate.IsMissing ? nodes.Text(nodes[node].Operand).ToString() : null);

    private BoundField Field(int node)
    {
        var name = nodes[node].Field;
        return _fields[name] ??= scope.Resolve(nodes.Names[name], nodes.Place(node));
    }

    private double Constant(int node, BoundField field)
    {
        var text = nodes.Text(nodes[node].Operand);
        if (field.Type == CellType.Text)
        {
            var symbol = scope.Symbols.Find(text);
            return symbol >= 0 ? symbol : scope.Symbols.Intern(text.ToString());
        }
        var cell = field.Format.Parse(text);
        return Cell.IsInvalid(cell) ? PredicateConstant.Parse(text.ToString(), field, scope, nodes.Place(node)) : cell;
    }

    /// <summary>A set belongs to one node.</summary>
    private ImmutableArray<double> Set(int node, BoundField field)
    {
        ref var set = ref _sets[nodes[node].Operand];
        if (!set.IsDefault) return set;
        var members = nodes.Set(nodes[node].Operand);
        var cells = new double[members.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            var name = members[i];
            if (_membersField[name] != field)
            {
                _members[name] = PredicateConstant.Parse(nodes.Names[name], field, scope, nodes.Place(node));
                _membersField[name] = field;
            }
            cells[i] = _members[name];
        }
        return set = ImmutableCollectionsMarshal.AsImmutableArray(cells);
    }
}
