using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Core;

/// <summary>
/// A <see cref="Signature"/> as JSON, with the same keys as in <c>model.yaml</c>:
/// <c>{"inputs":[{"name":"x","type":"FP32","shape":[-1,2],"columns":["a","b"]}],"outputs":[…]}</c>.
/// Types are the Open Inference Protocol's names; <c>optional</c>, <c>columns</c>, <c>allowed</c> and <c>anyType</c> are left out when they say nothing;
/// so is <c>rows</c> (<c>ordered</c>, <c>grouped</c>) when rows are independent.
/// Reading is strict: an unknown, repeated or absent field is an error.
/// </summary>
public static class SignatureJson
{
    public static string Write(Signature signature) => JsonSerializer.Serialize(ToDocument(signature), SignatureJsonContext.Default.SignatureDocument);

    public static void Write(Utf8JsonWriter writer, Signature signature) =>
        JsonSerializer.Serialize(writer, ToDocument(signature), SignatureJsonContext.Default.SignatureDocument);

    /// <exception cref="ModelException">The text is not the JSON of a signature, or the signature contradicts itself.</exception>
    public static Signature Read(string json)
    {
        try
        {
            return FromDocument(JsonSerializer.Deserialize(json, SignatureJsonContext.Default.SignatureDocument));
        }
        catch (JsonException e)
        {
            throw NotASignature(e);
        }
    }

    /// <summary>Reads the value at which the reader stands, or the next one when it has not begun.</summary>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public static Signature Read(ref Utf8JsonReader reader)
    {
        try
        {
            return FromDocument(JsonSerializer.Deserialize(ref reader, SignatureJsonContext.Default.SignatureDocument));
        }
        catch (JsonException e)
        {
            throw NotASignature(e);
        }
    }

    private static SignatureDocument ToDocument(Signature signature) =>
        new(ToDocuments(signature.Inputs), ToDocuments(signature.Outputs), signature.Rows);

    private static ImmutableArray<TensorSpecDocument> ToDocuments(ImmutableArray<TensorSpec> specs) =>
    [
        .. specs.Select(s => new TensorSpecDocument(
            s.Name, s.Type.ProtocolName, s.Shape, s.Optional, s.Columns.IsEmpty ? null : s.Columns, s.AllowedValues.IsEmpty ? null : s.AllowedValues, s.AnyType)),
    ];

    private static Signature FromDocument(SignatureDocument? document)
    {
        if (document is null) throw new ModelException("a signature is an object with inputs and outputs, found null");
        var signature = new Signature(FromDocuments(document.Inputs), FromDocuments(document.Outputs), document.Rows);
        signature.Validate();
        return signature;
    }

    private static ImmutableArray<TensorSpec> FromDocuments(ImmutableArray<TensorSpecDocument> documents)
    {
        if (documents.IsDefault) throw new ModelException("a signature's inputs and outputs are lists, found null");
        var specs = ImmutableArray.CreateBuilder<TensorSpec>(documents.Length);
        foreach (var document in documents)
        {
            if (document is null) throw new ModelException("a signature's inputs and outputs are lists of objects, found null");
            if (!ElementTypes.TryParse(document.Type, out var type))
            {
                throw new ModelException($"'{document.Name}' has type '{document.Type}', which is not one of {string.Join(", ", Enum.GetValues<ElementType>().Select(t => t.ProtocolName))}");
            }
            if (document.Shape.IsDefault) throw new ModelException($"'{document.Name}' has no shape");
            specs.Add(new TensorSpec(document.Name, type, document.Shape, document.Optional, document.Columns ?? [], document.Allowed ?? [], document.AnyType));
        }
        return specs.MoveToImmutable();
    }

    private static ModelException NotASignature(JsonException e) => new($"not the JSON of a signature: {e.Message}", e);
}

internal sealed record SignatureDocument(ImmutableArray<TensorSpecDocument> Inputs, ImmutableArray<TensorSpecDocument> Outputs, RowRelation Rows = RowRelation.Independent);

internal sealed class RowRelationConverter() : JsonStringEnumConverter<RowRelation>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

internal sealed record TensorSpecDocument(
    string Name, string Type, ImmutableArray<long> Shape, bool Optional = false, ImmutableArray<string>? Columns = null, ImmutableArray<string>? Allowed = null, bool AnyType = false);

[SuppressMessage("Performance", "CA1812", Justification = "The generator's partner instantiates it.")]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(RowRelationConverter)])]
[JsonSerializable(typeof(SignatureDocument))]
internal sealed partial class SignatureJsonContext : JsonSerializerContext;
