using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>
/// Result fields of models that take over in nodes of a tree. Of those with one name a row gets that of the model it reaches; where it reaches none, the field
/// is missing.
/// </summary>
internal sealed class DeliveredFields(ProgramBuilder program)
{
    private readonly Dictionary<string, (BoundField Field, int Slot)> _fields = new(StringComparer.Ordinal);

    public ImmutableArray<BoundField> All => [.. _fields.Values.Select(f => f.Field)];

    /// <summary>The model, leaving its result fields where all of their name are.</summary>
    public BoundModel Deliver(BoundModel bound)
    {
        if (bound.Outputs.IsEmpty) return bound;
        var copies = ImmutableArray.CreateBuilder<(RowExpression, int)>();
        foreach (var output in bound.Outputs) copies.Add((output.Value, SlotOf(output, bound)));
        return bound with { Model = new DeliveringModel(bound.Model, copies.DrainToImmutable()) };
    }

    private int SlotOf(BoundField output, BoundModel bound)
    {
        if (_fields.TryGetValue(output.Name, out var known))
        {
            if (known.Field.Type != output.Type) throw bound.Element.Header.Place.Fault($"the result field '{output.Name}' has another type in another node");
            return known.Slot;
        }
        var slot = program.PendingSlot();
        _fields.Add(output.Name, (output with { Value = new DeliveredExpression(output.Type, slot) }, slot));
        return slot;
    }

    private sealed class DeliveringModel(RowModel model, ImmutableArray<(RowExpression Value, int Slot)> copies) : WrappedModel(model)
    {
        public override void Score(in Row row)
        {
            Model.Score(row);
            foreach (var (value, slot) in copies) row[slot] = value.Evaluate(row);
        }

        public override void ScoreBlock(in RowBlock block)
        {
            for (var i = 0; i < block.Count; i++) Score(block[i]);
        }
    }

    private sealed class DeliveredExpression(CellType type, int slot) : RowExpression(type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = row[slot];
            return Cell.IsPending(cell) ? Cell.Missing : cell;
        }
    }
}
