using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>A column of the verification rows.</summary>
/// <param name="Precision">The allowed relative difference.</param>
/// <param name="ZeroThreshold">Numbers at most this far from zero count as zero.</param>
internal sealed record VerificationField(string Field, string Column, double Precision, double ZeroThreshold);

/// <summary>Rows with the answers that the producer got (PMML 4.4.1, ModelVerification).</summary>
internal sealed record ModelVerification(ImmutableArray<VerificationField> Fields, InlineTable Table)
{
    public static ModelVerification Read(ElementReader e)
    {
        var fields = ImmutableArray.CreateBuilder<VerificationField>();
        var table = InlineTable.Empty;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "InlineTable") table = InlineTable.Read(e);
            if (e.Name != "VerificationFields") continue;
            var fieldDepth = e.Depth;
            while (e.ReadChild(fieldDepth))
            {
                if (e.Name != "VerificationField") continue;
                var field = e.Require("field");
                var column = e.Attribute("column") ?? field;
                fields.Add(new VerificationField(field, column[(column.IndexOf(':') + 1)..], Bound(e, "precision", 1e-6), Bound(e, "zeroThreshold", 1e-16)));
            }
        }
        return new ModelVerification(fields.DrainToImmutable(), table);
    }

    private static double Bound(ElementReader e, string name, double otherwise)
    {
        var bound = e.Number(name, otherwise);
        return bound is >= 0 and < 1e300 ? bound : throw e.Fault($"{name}=\"{e.Attribute(name)}\" is not a bound: 0 or more expected");
    }
}
