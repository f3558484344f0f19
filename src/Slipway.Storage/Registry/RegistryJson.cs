using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>The JSON columns of the registry, apart from the signature, which has its own (<see cref="SignatureJson"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ImmutableArray<PackageFile>))]
[JsonSerializable(typeof(Lineage))]
[JsonSerializable(typeof(ParityReport))]
internal sealed partial class RegistryJson : JsonSerializerContext;
