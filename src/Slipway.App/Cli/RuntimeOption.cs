using System.CommandLine;
using Slipway.Models;
using Slipway.Models.Packages;

namespace Slipway.App.Cli;

/// <summary><c>--runtime NAME</c>: what executes the model, instead of the package's word or the first runtime that takes the file.</summary>
internal sealed class RuntimeOption : Option<string?>
{
    public RuntimeOption() : base("--runtime")
    {
        HelpName = "NAME";
        Description = $"The runtime to use: {string.Join(", ", Runtimes.Default.Names)}. Absent: as model.yaml says, else the first that takes the file.";
    }

    /// <exception cref="Slipway.Core.ModelException">There is no such runtime.</exception>
    public RuntimeCatalog Catalog(ParseResult parsed) => parsed.GetValue(this) is { } name ? Runtimes.Default.Only(name) : Runtimes.Default;
}
