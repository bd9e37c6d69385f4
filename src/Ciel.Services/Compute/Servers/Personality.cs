using System.Buffers.Text;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Files put into a guest's disk before its first boot: gone from the API since 2.57, and never written here.</summary>
internal static class Personality
{
    private const int MostFiles = 5;

    /// <summary>Takes an empty list; answers files with what is wrong about them, or with what to do instead.</summary>
    public static void Refuse(Input input)
    {
        if (input.OptionalObjects("personality") is not { Count: > 0 } files)
        {
            return;
        }

        foreach (var file in files)
        {
            file.String("path", 0);
            var contents = file.String("contents", 0, 65536);
            file.Done();
            if (!Base64.IsValid(contents))
            {
                throw file.Refuse("contents", "…", "it is not a 'base64'");
            }
        }

        throw files.Count > MostFiles
            ? Fault.Forbidden($"Quota exceeded for injected_files: Requested {files.Count}, but already used 0 of {MostFiles} injected_files", "OverQuota")
            : Fault.BadRequest("Files are not injected here: write them with cloud-init by user_data.");
    }
}
