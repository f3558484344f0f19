using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Formats.Pmml.Models.SupportVectorMachine;

/// <summary>An element of the vectors: a field, or (with a value) whether a field has that value.</summary>
internal sealed record VectorField(FieldRef Field, string? Value, double Coefficient)
{
    public RowExpression Bind(Scope scope)
    {
        var place = Field.Place;
        if (Value is not null)
        {
            var field = scope.Resolve(Field.Field, place);
            return new CategoryIndicator(field.Value, PredicateConstant.Parse(Value, field, scope, place), Coefficient);
        }
        var value = Field.Bind(scope);
        return value.Type == CellType.Text ? throw place.Fault($"the field '{Field.Field}' is text, a number is needed") : value;
    }
}

/// <summary>The element <c>VectorDictionary</c>: the fields that make an input vector, and the support vectors by identifier.</summary>
internal sealed record VectorDictionary(Place Place, List<VectorField> Fields, Dictionary<string, ImmutableArray<double>> Vectors)
{
    /// <summary>1 GiB.</summary>
    private const long MaxCells = 1L << 27;

    public static VectorDictionary Read(ElementReader e)
    {
        var dictionary = new VectorDictionary(e.Place, [], new Dictionary<string, ImmutableArray<double>>(StringComparer.Ordinal));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "VectorFields") dictionary.ReadFields(e);
            else if (e.Name == "VectorInstance") dictionary.ReadVector(e);
        }
        return dictionary;
    }

    private void ReadFields(ElementReader e)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "FieldRef") Fields.Add(new VectorField(FieldRef.Read(e), null, 1));
            else if (e.Name == "CategoricalPredictor") Fields.Add(new VectorField(new FieldRef(e.Place, e.Attribute("name") ?? e.Require("field"), null), e.Require("value"), e.Number("coefficient", 1)));
        }
    }

    private void ReadVector(ElementReader e)
    {
        var (place, id) = (e.Place, e.Require("id"));
        if ((Vectors.Count + 1L) * Fields.Count > MaxCells) throw place.Fault($"{Vectors.Count + 1} vectors of {Fields.Count} values are more than fit in 1 GiB");
        ImmutableArray<double>? values = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name is not ("Array" or "REAL-SparseArray" or "INT-SparseArray")) continue;
            if (e.Integer("n") is { } length && length != Fields.Count) throw Misfit(place, id, length);
            values = ArrayElement.ReadNumbers(e);
        }
        if (!Vectors.TryAdd(id, values ?? throw place.Fault("it has neither an Array nor a REAL-SparseArray"))) throw place.Fault($"the id '{id}' is there twice");
        if (values.Value.Length != Fields.Count) throw Misfit(place, id, values.Value.Length);
    }

    private Core.ModelException Misfit(Place place, string id, int length) => place.Fault($"the vector '{id}' has {length} values for {Fields.Count} VectorFields");
}
