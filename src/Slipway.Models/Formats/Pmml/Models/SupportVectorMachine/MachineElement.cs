using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.SupportVectorMachine;

/// <summary>The element <c>SupportVectorMachine</c>.</summary>
/// <param name="TargetCategory">The category that the machine speaks for; null in a regression.</param>
/// <param name="AlternateCategory">The one that it speaks against; null when that is all others.</param>
/// <param name="Vectors">The identifiers of the support vectors, with the places that name them.</param>
internal sealed record MachineElement(
    Place Place, string? TargetCategory, string? AlternateCategory, double? Threshold, List<(Place Place, string Id)> Vectors, ImmutableArray<double> Coefficients, double Constant)
{
    public static MachineElement Read(ElementReader e)
    {
        var machine = new MachineElement(e.Place, e.Attribute("targetCategory"), e.Attribute("alternateTargetCategory"), e.Number("threshold"), [], [], 0);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "SupportVectors") machine.ReadVectors(e);
            else if (e.Name == "Coefficients") machine = machine with { Constant = e.Number("absoluteValue", 0), Coefficients = ReadCoefficients(e) };
        }
        return machine;
    }

    private void ReadVectors(ElementReader e)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "SupportVector") Vectors.Add((e.Place, e.Require("vectorId")));
        }
    }

    private static ImmutableArray<double> ReadCoefficients(ElementReader e)
    {
        var coefficients = ImmutableArray.CreateBuilder<double>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Coefficient") coefficients.Add(e.Number("value", 0));
        }
        return coefficients.DrainToImmutable();
    }
}
