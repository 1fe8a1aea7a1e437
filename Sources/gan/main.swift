import GANCommands

await runCommandLine()
