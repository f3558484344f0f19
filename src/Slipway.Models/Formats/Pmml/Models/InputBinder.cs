using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>Turns data fields, as a mining schema treats them, into slots of the program.</summary>
internal static class InputBinder
{
    /// <summary>A field that rows bring.</summary>
    /// <param name="mining">How the model uses it; null for a field that no mining schema names.</param>
    public static BoundField Bind(DataField data, MiningField? mining, ProgramBuilder program)
    {
        var opType = mining?.OpType ?? data.OpType;
        var valid = Cells(data, ValueProperty.Valid, program);
        var treatment = new FieldTreatment(data.Name, data.Format)
        {
            ValidValues = valid,
            ValidIntervals = opType == OpType.Continuous ? [.. data.Intervals.Select(i => i with { Low = Limit(i.Low, data.Format), High = Limit(i.High, data.Format) })] : [],
            InvalidValues = Cells(data, ValueProperty.Invalid, program),
            MissingValues = Cells(data, ValueProperty.Missing, program),
            MissingTexts = [.. data.Values.Where(v => v.Property == ValueProperty.Missing && Cell.IsInvalid(program.Parse(v.Value, data.Format))).Select(v => v.Value)],
        };
        if (mining is null) treatment = treatment with { Invalid = InvalidTreatment.AsMissing };
        else treatment = Treat(treatment, mining, program);
        var input = program.AddInput(treatment, optional: mining is null || mining.Usage == UsageType.Supplementary);
        return new BoundField(data.Name, new SlotExpression(data.Format.Type, input.Slot), opType, data.Format, valid);
    }

    /// <summary>A field of the model around, as the mining schema of a model inside treats it once more.</summary>
    public static BoundField Rebind(BoundField outer, MiningField mining, ProgramBuilder program)
    {
        var treatment = Treat(new FieldTreatment(outer.Name, outer.Format), mining, program);
        if (treatment.IsIdentity) return outer with { OpType = mining.OpType ?? outer.OpType };
        var value = new DerivedExpression(program.PendingSlot(), new TreatedExpression(outer.Value, treatment.Compile()));
        return outer with { Value = value, OpType = mining.OpType ?? outer.OpType };
    }

    private static FieldTreatment Treat(FieldTreatment treatment, MiningField mining, ProgramBuilder program)
    {
        var replacement = mining.InvalidReplacement is null ? Cell.Missing : Parse(mining.InvalidReplacement, "invalidValueReplacement");
        return treatment with
        {
            Invalid = mining.InvalidReplacement is not null && mining.Invalid == InvalidTreatment.Keep ? InvalidTreatment.Replace : mining.Invalid,
            InvalidReplacement = replacement,
            MissingReplacement = mining.MissingReplacement is null ? Cell.Missing : Parse(mining.MissingReplacement, "missingValueReplacement"),
            RefuseMissing = mining.RefusesMissing,
            Outliers = mining.Outliers,
            Low = Limit(mining.Low ?? double.NegativeInfinity, treatment.Format),
            High = Limit(mining.High ?? double.PositiveInfinity, treatment.Format),
        };

        double Parse(string text, string attribute)
        {
            var cell = program.Parse(text, treatment.Format);
            if (Cell.IsInvalid(cell) && treatment.Format.Type.IsNumeric) cell = CellFormat.Float64.Parse(text);
            return Cell.IsInvalid(cell) ? throw mining.Place.Fault($"{attribute}=\"{text}\" is not of type {treatment.Format.Name}, as the field '{treatment.Name}' is") : cell;
        }
    }

    /// <summary>In the field's own type: the limit 0.1 of a float field is the float32 that rows bring for 0.1.</summary>
    private static double Limit(double value, CellFormat format) => format.Type == CellType.Float32 ? (float)value : value;

    /// <summary>Listed values that are not of the field's type are left out: they are invalid anyway, or <see cref="FieldTreatment.MissingTexts"/>.</summary>
    private static ImmutableArray<double> Cells(DataField data, ValueProperty property, ProgramBuilder program)
    {
        var cells = ImmutableArray.CreateBuilder<double>();
        foreach (var value in data.Values)
        {
            if (value.Property != property) continue;
            var cell = program.Parse(value.Value, data.Format);
            if (!Cell.IsInvalid(cell)) cells.Add(cell);
        }
        return cells.DrainToImmutable();
    }
}
