using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Summary("What a column can be cast to.")]
public enum CastType
{
    [Summary("64-bit floating point.")] Number,
    [Summary("64-bit signed integer.")] Integer,
    [Summary("UTF-8 text.")] Text,
    [Summary("true or false.")] Boolean,
}

[Component("cast")]
[Summary("Changes the type of columns; never rounds or guesses. A missing value stays missing, and NaN becomes missing in anything but a number.")]
[Example("prepare: [ { cast: { season: text, temp: number } } ]")]
public sealed record Cast([Body, Summary("For each column its new type.")] OrderedDictionary<string, CastType> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var casts = ImmutableArray.CreateBuilder<ColumnSpec>();
        if (Columns.Count == 0) binder.Problem("", "name at least one column");
        foreach (var (name, to) in Columns)
        {
            if (binder.Column(name, name) is not { } column) continue;
            var type = ElementTypeOf(to);
            if (column.Type != type) casts.Add(new ColumnSpec(name, type));
        }
        binder.ThrowIfAny();
        return new Step(casts.ToImmutable(), StepBinder.With(input, casts));
    }

    private static ElementType ElementTypeOf(CastType type) => type switch
    {
        CastType.Number => ElementType.Float64,
        CastType.Integer => ElementType.Int64,
        CastType.Text => ElementType.Bytes,
        _ => ElementType.Bool,
    };

    private sealed class Step(ImmutableArray<ColumnSpec> casts, TableSchema output) : IStep
    {
        public TableSchema Output => output;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var cast in casts)
            {
                var column = rows[cast.Name];
                rows.Set(cast.Type switch
                {
                    ElementType.Float64 => column.Type == ElementType.Bytes ? TextToNumber(column, faults) : column.ConvertTo(ElementType.Float64),
                    ElementType.Int64 => column.Type == ElementType.Bytes ? TextToInteger(column, faults) : NumberToInteger(column, faults),
                    ElementType.Bytes => ToText(column),
                    _ => column.Type == ElementType.Bytes ? TextToBoolean(column, faults) : NumberToBoolean(column, faults),
                });
            }
        }

        private static Tensor TextToNumber(Tensor column, RowFaults faults)
        {
            var result = new Tensor(column.Name, ElementType.Float64, column.Rows);
            var values = result.Values<double>();
            for (var i = 0; i < values.Length; i++)
            {
                if (column.IsMissing(i)) result.SetMissing(i);
                else if (double.TryParse(column.GetBytes(i), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) values[i] = number;
                else faults.Add(i, $"'{column.Name}': {StepBinder.Quote(column.GetBytes(i))} is not a number");
            }
            return result;
        }

        /// <summary>Exact for all 64 bits: <c>12</c>, <c>-3</c>, <c>4.0</c> and <c>1e3</c> are whole numbers, <c>4.5</c> is none.</summary>
        private static Tensor TextToInteger(Tensor column, RowFaults faults)
        {
            var result = new Tensor(column.Name, ElementType.Int64, column.Rows);
            var values = result.Values<long>();
            for (var i = 0; i < values.Length; i++)
            {
                if (column.IsMissing(i)) result.SetMissing(i);
                else if (long.TryParse(column.GetBytes(i), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) values[i] = number;
                else faults.Add(i, $"'{column.Name}': {StepBinder.Quote(column.GetBytes(i))} is not a whole number of 64 bits");
            }
            return result;
        }

        private static Tensor NumberToInteger(Tensor column, RowFaults faults)
        {
            var result = new Tensor(column.Name, ElementType.Int64, column.Rows);
            var values = result.Values<long>();
            for (var i = 0; i < values.Length; i++)
            {
                if (column.Type == ElementType.UInt64)
                {
                    var unsigned = column.Values<ulong>()[i];
                    if (column.IsMissing(i)) result.SetMissing(i);
                    else if (unsigned <= long.MaxValue) values[i] = (long)unsigned;
                    else faults.Add(i, $"'{column.Name}': {unsigned.ToString(CultureInfo.InvariantCulture)} is beyond 64 signed bits");
                    continue;
                }
                var number = column.NumberAt(i);
                if (double.IsNaN(number)) result.SetMissing(i);
                else if (double.IsInteger(number) && number is >= long.MinValue and < -(double)long.MinValue) values[i] = (long)number;
                else faults.Add(i, $"'{column.Name}': {Show(number)} is not a whole number of 64 bits; an expression step with floor() or round() makes one");
            }
            return result;
        }

        private static Tensor TextToBoolean(Tensor column, RowFaults faults)
        {
            var result = new Tensor(column.Name, ElementType.Bool, column.Rows);
            var values = result.Values<bool>();
            for (var i = 0; i < values.Length; i++)
            {
                var text = column.GetBytes(i);
                if (column.IsMissing(i)) result.SetMissing(i);
                else if (Ascii.EqualsIgnoreCase(text, "true"u8) || text.SequenceEqual("1"u8)) values[i] = true;
                else if (!Ascii.EqualsIgnoreCase(text, "false"u8) && !text.SequenceEqual("0"u8)) faults.Add(i, $"'{column.Name}': {StepBinder.Quote(text)} is neither true, false, 1 nor 0");
            }
            return result;
        }

        private static Tensor NumberToBoolean(Tensor column, RowFaults faults)
        {
            var result = new Tensor(column.Name, ElementType.Bool, column.Rows);
            var values = result.Values<bool>();
            for (var i = 0; i < values.Length; i++)
            {
                var number = column.NumberAt(i);
                if (double.IsNaN(number)) result.SetMissing(i);
                else if (number is 0 or 1) values[i] = number == 1;
                else faults.Add(i, $"'{column.Name}': {Show(number)} is neither 0 nor 1");
            }
            return result;
        }

        /// <summary>Numbers in the shortest form that reads back as the same value; <c>true</c> and <c>false</c>.</summary>
        private static Tensor ToText(Tensor column)
        {
            var result = new Tensor(column.Name, ElementType.Bytes, column.Rows);
            Span<byte> text = stackalloc byte[32];
            for (var i = 0; i < column.Count; i++)
            {
                var number = column.NumberAt(i);
                if (double.IsNaN(number))
                {
                    result.AppendMissing();
                    continue;
                }
                var length = 0;
                _ = column.Type switch
                {
                    ElementType.Bool => (number == 1 ? "true"u8 : "false"u8).TryCopyTo(text) && (length = number == 1 ? 4 : 5) > 0,
                    ElementType.Int64 => column.Values<long>()[i].TryFormat(text, out length, default, CultureInfo.InvariantCulture),
                    ElementType.UInt64 => column.Values<ulong>()[i].TryFormat(text, out length, default, CultureInfo.InvariantCulture),
                    ElementType.Float32 => column.Values<float>()[i].TryFormat(text, out length, default, CultureInfo.InvariantCulture),
                    ElementType.Float16 => column.Values<Half>()[i].TryFormat(text, out length, default, CultureInfo.InvariantCulture),
                    _ => number.TryFormat(text, out length, default, CultureInfo.InvariantCulture),
                };
                result.Append(text[..length]);
            }
            return result;
        }

        private static string Show(double number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
