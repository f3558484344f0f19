using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Component("fill-missing")]
[Summary("Puts a value where a column has none. NaN in a column of floating-point numbers counts as missing.")]
[Example("prepare: [ { fill-missing: { temp: 20.0, season: 1 } } ]")]
public sealed record FillMissing(
    [Body, Summary("For each column the value, of the column's own type.")] OrderedDictionary<string, object> Values) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var fills = ImmutableArray.CreateBuilder<Fill>();
        if (Values.Count == 0) binder.Problem("", "name at least one column");
        foreach (var (name, value) in Values)
        {
            if (binder.Column(name, name) is not { } column) continue;
            if (Literal.TryRead(value, column.Type, out var literal, out var why)) fills.Add(new Fill(name, literal));
            else binder.Problem(name, why);
        }
        binder.ThrowIfAny();
        return new Step(input, fills.ToImmutable());
    }

    private readonly record struct Fill(string Column, Literal Value);

    private sealed class Step(TableSchema schema, ImmutableArray<Fill> fills) : IStep
    {
        public TableSchema Output => schema;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var fill in fills)
            {
                var column = rows[fill.Column];
                if (!column.HasMissing && !column.Type.IsFloat) continue;
                rows.Set(Filled(column, fill.Value));
            }
        }

        private static Tensor Filled(Tensor column, Literal value) => column.Type switch
        {
            ElementType.Bytes => FilledText(column, value.Text),
            ElementType.Bool => Filled(column, value.Number != 0),
            ElementType.UInt8 => Filled(column, (byte)value.Integer),
            ElementType.UInt16 => Filled(column, (ushort)value.Integer),
            ElementType.UInt32 => Filled(column, (uint)value.Integer),
            ElementType.UInt64 => Filled(column, (ulong)value.Integer),
            ElementType.Int8 => Filled(column, (sbyte)value.Integer),
            ElementType.Int16 => Filled(column, (short)value.Integer),
            ElementType.Int32 => Filled(column, (int)value.Integer),
            ElementType.Int64 => Filled(column, (long)value.Integer),
            ElementType.Float16 => FilledNumbers(column, (Half)value.Number),
            ElementType.Float32 => FilledNumbers(column, (float)value.Number),
            _ => FilledNumbers(column, value.Number),
        };

        private static Tensor Filled<T>(Tensor column, T value) where T : unmanaged
        {
            var filled = Tensor.Uninitialized(column.Name, column.Type, column.Rows);
            var from = column.Values<T>();
            var to = filled.Values<T>();
            for (var i = 0; i < to.Length; i++) to[i] = column.IsMissing(i) ? value : from[i];
            return filled;
        }

        private static Tensor FilledNumbers<T>(Tensor column, T value) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var filled = Filled(column, value);
            foreach (ref var number in filled.Values<T>())
            {
                if (T.IsNaN(number)) number = value;
            }
            return filled;
        }

        private static Tensor FilledText(Tensor column, byte[] value)
        {
            var filled = new Tensor(column.Name, ElementType.Bytes, column.Rows);
            for (var i = 0; i < column.Count; i++) filled.Append(column.IsMissing(i) ? value : column.GetBytes(i));
            return filled;
        }
    }
}
