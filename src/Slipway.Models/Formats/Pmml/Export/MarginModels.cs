namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>Writes a model's margins, each as a PMML model of its own whose number is the target, or a field for the models behind it.</summary>
internal abstract class MarginModels(ExportedFields fields, PmmlWriter writer, bool isFloat)
{
    protected ExportedFields Fields { get; } = fields;

    protected PmmlWriter Writer { get; } = writer;

    /// <summary>Margins are computed in float32, step by step.</summary>
    public bool IsFloat { get; } = isFloat;

    public string? MathContext => IsFloat ? "float" : null;

    public string NumberType => IsFloat ? "float" : "double";

    /// <summary>Margins per row.</summary>
    public abstract int Count { get; }

    /// <summary>Writes a margin as the prediction of <paramref name="target"/>.</summary>
    public void WriteTarget(int margin, string target) => Write(margin, target, null);

    /// <summary>Writes a margin as the field <paramref name="name"/> of a chain.</summary>
    public void WriteField(int margin, string name) => Write(margin, null, name);

    protected abstract void Write(int margin, string? target, string? field);

    protected void WriteOutput(string? field)
    {
        if (field is null) return;
        Writer.Begin("Output");
        Writer.Element("OutputField", ("name", field), ("optype", "continuous"), ("dataType", NumberType), ("feature", "predictedValue"), ("isFinalResult", "false"));
        Writer.End();
    }
}
