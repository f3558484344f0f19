using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.GaussianProcess;

/// <summary>The element <c>TrainingInstances</c> with its table of numbers.</summary>
/// <param name="Fields">The fields and the columns that hold them.</param>
internal sealed record TrainingInstances(Place Place, List<(Place Place, string Field, string Column)> Fields, InlineTable Table)
{
    public static TrainingInstances Read(ElementReader e)
    {
        var instances = new TrainingInstances(e.Place, [], InlineTable.Empty);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "InstanceFields") instances.ReadFields(e);
            else if (e.Name == "InlineTable") instances = instances with { Table = InlineTable.Read(e) };
            else if (e.Name == "TableLocator") throw e.Place.Unsupported("a table outside of the file");
        }
        return instances;
    }

    /// <summary>A field's values in all rows.</summary>
    /// <exception cref="Core.ModelException">A row has none, or one that is not a number.</exception>
    public double[] Column((Place Place, string Field, string Column) field)
    {
        var index = Table.IndexOf(field.Column);
        if (index < 0) throw field.Place.Fault($"the table has no column '{field.Column}'");
        var values = new double[Table.Rows.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var text = Table.Cell(row, index);
            if (text is null || !NumberText.TryParse(text, out values[row])) throw Place.Fault($"row {row + 1}, column '{field.Column}': '{text}' is not a number");
        }
        return values;
    }

    private void ReadFields(ElementReader e)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "InstanceField") Fields.Add((e.Place, e.Require("field"), e.Attribute("column") ?? e.Require("field")));
        }
    }
}
