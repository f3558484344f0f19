using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Models;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Formats.Pmml;

/// <summary>What a PMML file says: its fields, its functions, and its model.</summary>
internal sealed class PmmlDocument
{
    private readonly Dictionary<string, DataField> _dataFields = new(StringComparer.Ordinal);
    private readonly List<DerivedField> _derivedFields = [];
    private readonly List<DefineFunction> _functions = [];
    private readonly List<KeyValuePair<string, string>> _header = [];

    public string Version { get; private set; } = "unknown";

    /// <summary>Who made it: application, time, description.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Header => _header;

    public IReadOnlyDictionary<string, DataField> DataFields => _dataFields;

    /// <summary>The first model in the file, which is the one that is scored (PMML 4.4.1, General Structure).</summary>
    public ModelElement Model { get; private set; } = null!;

    /// <summary>How many models of each kind there are.</summary>
    public IReadOnlyDictionary<string, int> Elements { get; private set; } = ImmutableDictionary<string, int>.Empty;

    /// <exception cref="ModelException">The file is damaged, not PMML, or uses something that is not supported.</exception>
    public static PmmlDocument Read(ElementReader e)
    {
        var document = new PmmlDocument();
        document.ReadAll(e);
        return document;
    }

    /// <inheritdoc cref="Read"/>
    /// <remarks>What was read before an exception stays.</remarks>
    public void ReadAll(ElementReader e)
    {
        if (e.Name != "PMML") throw e.Fault("this is not a PMML document, whose root element is PMML");
        Version = e.Attribute("version") ?? Version;
        Elements = e.Models;
        var place = e.Place;
        var depth = e.Depth;
        while (Model is null && e.ReadChild(depth)) ReadPart(e);
        if (Model is null) throw place.Fault("it has no model");
        while (e.ReadChild(depth))
        {
        }
    }

    /// <summary>Resolves every name and compiles.</summary>
    /// <exception cref="ModelException">Something does not fit together.</exception>
    public BoundDocument Bind()
    {
        var program = new ProgramBuilder();
        var functions = new FunctionTable();
        foreach (var function in _functions) functions.Define(function);
        var model = ModelScope.BindTop(Model, program, functions, _dataFields, _derivedFields);
        return new BoundDocument(program, model);
    }

    private void ReadPart(ElementReader e)
    {
        switch (e.Name)
        {
            case "Header":
                ReadHeader(e);
                break;
            case "DataDictionary":
                var depth = e.Depth;
                while (e.ReadChild(depth))
                {
                    if (e.Name != "DataField") continue;
                    var field = DataField.Read(e);
                    if (!_dataFields.TryAdd(field.Name, field)) throw field.Place.Fault($"the field '{field.Name}' is declared twice");
                }
                break;
            case "TransformationDictionary":
                ReadTransformations(e);
                break;
            case "MiningBuildTask" or "Extension":
                break;
            default:
                if (!ModelElement.TryRead(e, out var model)) throw e.Place.Unsupported("this element");
                Model = model;
                break;
        }
    }

    private void ReadHeader(ElementReader e)
    {
        if (e.Attribute("description") is { } description) _header.Add(new("description", description));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Application") _header.Add(new("application", $"{e.Attribute("name")} {e.Attribute("version")}".Trim()));
            else if (e.Name == "Timestamp") _header.Add(new("timestamp", e.ReadText().Trim()));
        }
    }

    private void ReadTransformations(ElementReader e)
    {
        var (fields, functions) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "DerivedField")
            {
                _derivedFields.Add(DerivedField.Read(e));
                if (!fields.Add(_derivedFields[^1].Name)) throw _derivedFields[^1].Place.Fault($"the field '{_derivedFields[^1].Name}' is declared twice");
            }
            else if (e.Name == "DefineFunction")
            {
                _functions.Add(DefineFunction.Read(e));
                if (!functions.Add(_functions[^1].Name)) throw _functions[^1].Place.Fault($"the function '{_functions[^1].Name}' is defined twice");
            }
        }
    }
}

/// <summary>A document whose names are resolved.</summary>
internal sealed record BoundDocument(ProgramBuilder Builder, BoundModel Model)
{
    /// <summary>The answer's columns: what it belongs to when it is not one record's, the targets, then every output field.</summary>
    public RowProgram Compile()
    {
        var outputs = ImmutableArray.CreateBuilder<RowOutput>();
        if (Model.Model is TableModel table) outputs.AddRange(table.Keys);
        for (var i = 0; i < Model.Targets.Length && i < Model.Model.Results.Length; i++)
        {
            var (target, result) = (Model.Targets[i], Model.Model.Results[i]);
            var format = target.Format.Type == result.Type ? target.Format : DataType.Of(result.Type);
            outputs.Add(new RowOutput(target.Name ?? BoundTarget.DefaultName, format, new SlotExpression(result.Type, result.Predicted)));
        }
        Add(Model, outputs);
        return Builder.Build(outputs.DrainToImmutable(), Model.Model);
    }

    /// <summary>The outputs of the models inside come first, as they are computed first; a column is replaced by a later one of its name.</summary>
    private static void Add(BoundModel model, ImmutableArray<RowOutput>.Builder outputs)
    {
        foreach (var nested in model.Nested) Add(nested, outputs);
        for (var i = 0; i < model.Outputs.Length; i++)
        {
            var output = model.Outputs[i];
            var known = IndexOf(outputs, output.Name);
            var column = new RowOutput(output.Name, output.Format, output.Value);
            if (known >= 0) outputs[known] = column;
            else if (model.Element.Header.Output[i].IsFinalResult) outputs.Add(column);
        }
    }

    private static int IndexOf(ImmutableArray<RowOutput>.Builder outputs, string name)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Name == name) return i;
        }
        return -1;
    }
}
